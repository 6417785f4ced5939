import { leadsAway } from '../wire/target.ts';
import { type Check, type Clause, checkOf } from './check.ts';
import type { AdapterSubject, SampleCall } from './subject.ts';
import { isSuccess, told } from './tell.ts';
import { type Observed, observe, openTrial, type Tools, type Trial } from './trial.ts';

const INSIDE: Clause = {
  promise: 'ids cannot leave their path',
  look: 'Where the adapter makes a path: encodeURIComponent every id, and refuse `.`, `..` and what a server may decode once more (not-sent).',
};
const NAMED: Clause = {
  promise: 'a call goes through the connection that it names, or nowhere',
  look: 'invoke and request: a connection that this user does not have is connection_required, not-sent.',
};
const ABLE: Clause = {
  promise: 'an adapter can do what it says, and refuses the rest',
  look: '`can`, and the method it speaks of: what it lacks is unsupported_operation, not-sent.',
};

const IDS = ['../../admin', '..', '.', 'a/b', '%2e%2e', '%2e%2e%2fadmin', 'x?user=bob', 'x#y', 'a\\b', 'a\r\nx-user: bob', ''];
const PATHS = ['/../../admin', '/%2e%2e/%2e%2e/admin', '//elsewhere.example/x', '/..;/admin', '/x\\..\\..\\admin', '/x%2f..%2fadmin'];

/** Whether a call can end up anywhere else than where it is meant to. */
export function reachChecks(subject: AdapterSubject, tools: Tools): readonly Check[] {
  const tried = (play: (trial: Trial) => Promise<string | undefined>) => async (): Promise<string | undefined> => {
    await using trial = await openTrial(subject, tools);
    return await play(trial);
  };
  const byHttp = subject.calls.find((call) => 'path' in call);
  return [
    ...subject.calls.flatMap((call) => [
      checkOf(
        INSIDE,
        `${call.name}, whatever the connection is called`,
        tried((trial) => eachOf(IDS, (id) => hostile(trial, call, id))),
      ),
      checkOf(
        NAMED,
        `${call.name}, when the user has no such connection`,
        tried((trial) => absent(trial, call)),
      ),
    ]),
    ...(byHttp
      ? [
          checkOf(
            INSIDE,
            'a request whose path leads elsewhere',
            tried((trial) => eachOf(PATHS, (path) => astray(trial, { ...byHttp, path }))),
          ),
        ]
      : []),
    ...subject.calls.map((call) =>
      checkOf(
        ABLE,
        call.name,
        tried((trial) => works(trial, call)),
      ),
    ),
    checkOf(ABLE, 'what the adapter says that it cannot', tried(refusesTheRest)),
  ];
}

/** One backend is enough for all of them: none may have an effect. */
async function eachOf(values: readonly string[], play: (value: string) => Promise<string | undefined>): Promise<string | undefined> {
  const found: string[] = [];
  for (const value of values) {
    const happened = await play(value);
    if (happened !== undefined) found.push(`${JSON.stringify(value)}: ${happened}`);
  }
  return found.length > 0 ? found.join('; ') : undefined;
}

async function hostile(trial: Trial, call: SampleCall, id: string): Promise<string | undefined> {
  const seen = await observe(trial, call, { on: { ...trial.connection, id } });
  const path = seen.paths.find((one) => one.split('/').some(leadsAway));
  if (path !== undefined) return `a request went to ${JSON.stringify(path)}`;
  return refusedUnsent(seen, 'any') ? undefined : told(seen);
}

async function absent(trial: Trial, call: SampleCall): Promise<string | undefined> {
  const seen = await observe(trial, call, { on: { ...trial.connection, id: `${trial.connection.id}x` } });
  if ((seen.effects ?? 0) > 0) return 'the far side has done it';
  return refusedUnsent(seen, 'any') ? undefined : told(seen);
}

async function astray(trial: Trial, call: SampleCall): Promise<string | undefined> {
  const seen = await observe(trial, call);
  if (seen.carried > 0) return `it was sent: ${told(seen)}`;
  return refusedUnsent(seen, 'not-sent') ? undefined : told(seen);
}

async function works(trial: Trial, call: SampleCall): Promise<string | undefined> {
  const seen = await observe(trial, call);
  const kind = 'tool' in call ? 'tool' : 'http';
  if (!isSuccess(seen.reply) || seen.reply?.kind !== kind) return told(seen);
  if (seen.carried !== 1) return `${seen.carried} requests carried it`;
  return call.read || seen.effects === undefined || seen.effects === 1 ? undefined : `the far side did it ${seen.effects} times`;
}

async function refusesTheRest(trial: Trial): Promise<string | undefined> {
  const { tool, http } = trial.adapter.can;
  const calls: readonly SampleCall[] = [
    ...(tool ? [] : [{ name: 'a tool', tool: 'ANY', arguments: {}, read: false }]),
    ...(http === 'none' ? [{ name: 'a request', method: 'GET', path: '/me', query: [], read: true } as const] : []),
  ];
  for (const call of calls) {
    const seen = await observe(trial, call);
    const { reply } = seen;
    if (reply?.kind !== 'failed' || reply.failure.code !== 'unsupported_operation' || reply.failure.delivery !== 'not-sent')
      return `${call.name} was tried all the same: ${told(seen)}`;
  }
  return undefined;
}

/** The app's own refusal of an id is as good. */
function refusedUnsent({ reply }: Observed, delivery: 'not-sent' | 'any'): boolean {
  if (reply?.kind === 'http') return delivery === 'any' && reply.status >= 400 && reply.status < 500;
  return reply?.kind === 'failed' && (delivery === 'any' || reply.failure.delivery === delivery);
}
