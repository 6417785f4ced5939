import type { Option } from 'commander';
import type { SandboxSettings } from '../app.ts';
import { RouterError } from '../contract/errors.ts';
import { defined } from '../contract/guards.ts';
import { collected, option } from './command-spec.ts';
import { isSet, numberFlag, textFlag, textsFlag, type Values } from './flags.ts';

const DIALECTS = ['comma', 'semicolon', 'discrete', 'none'] as const;

/** Read by sandbox-connections.ts, which loads more than help needs. */
export const connectionOption: Option = collected(
  '--connection <backend=status[:word]>',
  'with the sandbox: one more connection in that state, under that word of the backend; "all" for either; may be repeated',
);

/** Which tools its backends have; also of commands that start a sandbox of their own. */
export const toolSetOption: Option = collected(
  '--tool-set <backend=set>',
  'with the sandbox: older, newer or changed tools: composio=6|14, scalekit=81|103, membrane=20|renamed|changed; may be repeated',
);

/** Its connections, and what differs between one Close and another, or is not known of it. */
export const switchOptions: readonly Option[] = [
  connectionOption,
  toolSetOption,
  option('--rate-limit <count>', 'calls per second and key, three times that per organization; default 20, 0 for no limit'),
  option('--rate-limit-headers <form>', 'how its own API tells the limit; default comma').choices(DIALECTS),
  option('--hidden-refusals <count>', 'so many calls are told to wait although the headers promise room'),
  option('--read-lag <ms>', 'for so long a read still shows what was deleted; default 0'),
  option('--search-lag <ms>', 'for so long lists miss what was created and show what was deleted; default 0'),
  option('--send-delay <ms>', 'from outbox to sent; default 2000'),
  option('--job-delay <ms>', 'how long a bulk action or an export takes; default 3000'),
  option('--open-bodies', 'take unknown fields where its reference says that they are refused'),
  option('--ignore-activity-filters', 'ignore filters of activity.list that need exactly one lead, instead of refusing them'),
  option('--older-reference', 'without the paths that came in mid-2026'),
];

/** Throws `invalid_input`. */
export function switchesOf(values: Values): Pick<SandboxSettings, 'switches' | 'rateLimitHeaders' | 'toolSets'> {
  const whole = (name: string): number | undefined => numberFlag(values, name, { whole: true });
  const perSecond = whole('rateLimit');
  const dialect = DIALECTS.find((one) => one === textFlag(values, 'rateLimitHeaders'));
  const toolSets = toolSetsOf(values);
  return {
    ...(toolSets ? { toolSets } : {}),
    ...(dialect === undefined ? {} : { rateLimitHeaders: dialect }),
    switches: {
      ...defined<NonNullable<SandboxSettings['switches']>>({
        hidden429: whole('hiddenRefusals'),
        readLagMs: whole('readLag'),
        searchLagMs: whole('searchLag'),
        sendMs: whole('sendDelay'),
        jobMs: whole('jobDelay'),
      }),
      ...limitOf(perSecond),
      ...(isSet(values, 'openBodies') ? { closedBodies: false } : {}),
      ...(isSet(values, 'ignoreActivityFilters') ? { activityFilters: 'ignore' } : {}),
      ...(isSet(values, 'olderReference') ? { olderReference: true } : {}),
    },
  };
}

/** Backend → set. undefined: none was chosen. Throws `invalid_input`. */
export function toolSetsOf(values: Values): Readonly<Record<string, string>> | undefined {
  const pairs = textsFlag(values, 'toolSet')?.map((text) => {
    const [, backend, set] = /^([a-z]+)=([\w.]+)$/.exec(text) ?? [];
    if (backend !== undefined && set !== undefined) return [backend, set] as const;
    throw new RouterError('invalid_input', {
      what: '--tool-set is not written as backend=set',
      next: 'For example composio=6; nothing was started.',
    });
  });
  return pairs && Object.fromEntries(pairs);
}

function limitOf(perSecond: number | undefined): SandboxSettings['switches'] {
  if (perSecond === undefined) return {};
  return perSecond === 0
    ? { rateLimits: false }
    : { rateLimits: true, perKeyPerSecond: perSecond, perOrganizationPerSecond: perSecond * 3 };
}
