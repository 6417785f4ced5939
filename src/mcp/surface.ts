import { nearest } from '../catalog/nearest.ts';
import { isMeant } from '../catalog/pattern.ts';
import type { App } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { Scope } from '../contract/scope.ts';
import type { Expose } from './tools.ts';

/** What whoever runs the server wants of it; names are those of a policy: `lead.create`, `lead.*`. */
export interface Wishes {
  readonly expose?: Expose;
  /** The operations that are tools of their own. */
  readonly operations?: readonly string[];
  readonly readOnly?: boolean;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  /** What runs without a person being asked: `destructive`, `sends`, or operations. */
  readonly approve?: readonly string[];
}

/** What a server shows, and what anybody may do there. */
export interface Surface {
  readonly expose: Expose;
  readonly operations: readonly string[];
  readonly scope: Scope;
}

/** What deletes, and what reaches a person, is asked about unless somebody with the right to do so has approved it beforehand. */
const ASKED: readonly string[] = ['destructive', 'sends'];

/** Throws `invalid_input` for a name that no operation has: it would protect nothing. */
export function surfaceOf({ expose, operations = [], readOnly, allow, deny = [], approve = [] }: Wishes, apps: readonly App[]): Surface {
  const rules = approve.filter((rule) => !ASKED.includes(rule));
  refuseUnknown([...operations, ...(allow ?? []), ...deny, ...rules], apps);
  const shown = expose ?? (operations.length > 0 ? 'direct' : 'meta');
  if (shown !== 'meta' && operations.length === 0) throw unchosen(shown);
  const scope = { ask: ASKED, approve, deny, ...(readOnly ? { readOnly } : {}), ...(allow ? { allow } : {}) };
  return { expose: shown, operations, scope };
}

/** What both allow; every operation is written out, because no pattern can say so. */
export function narrowed(scope: Scope, further: Scope, apps: readonly App[]): Scope {
  const { readOnly, allow, deny = [] } = further;
  return {
    ...scope,
    ...(readOnly ? { readOnly } : {}),
    deny: [...(scope.deny ?? []), ...deny],
    ...(allow === undefined ? {} : { allow: scope.allow === undefined ? allow : inBoth(scope.allow, allow, apps) }),
  };
}

function inBoth(some: readonly string[], others: readonly string[], apps: readonly App[]): readonly string[] {
  const meant = (patterns: readonly string[], entry: Entry): boolean => patterns.some((pattern) => isMeant(pattern, entry));
  return entriesOf(apps).flatMap((entry) => (meant(some, entry) && meant(others, entry) ? [`${entry.app}.${entry.id}`] : []));
}

interface Entry {
  readonly app: string;
  readonly id: string;
}

function entriesOf(apps: readonly App[]): readonly Entry[] {
  return apps.flatMap(({ id: app, ids }) => ids.map((id) => ({ app, id })));
}

function refuseUnknown(patterns: readonly string[], apps: readonly App[]): void {
  const entries = entriesOf(apps);
  const unknown = patterns.find((pattern) => !entries.some((entry) => isMeant(pattern, entry)));
  if (unknown === undefined) return;
  const close = nearest(
    unknown,
    entries.map(({ id }) => id),
  );
  const hint = close.length > 0 ? ` Did you mean ${close.join(', ')}?` : '';
  throw new RouterError('invalid_input', {
    what: `no operation is called "${unknown.replaceAll(/[^\w.*-]/g, '?').slice(0, 80)}"`,
    next: `Name operations as "skillrouter ops" lists them, or with *, as in lead.*.${hint} Nothing was started.`,
    nearest: close,
  });
}

function unchosen(expose: Expose): RouterError {
  return new RouterError('invalid_input', {
    what: `${expose} shows chosen operations as tools, and none is chosen`,
    next: "Name them with --operations, as in --operations 'lead.*' --operations call.log; nothing was started.",
  });
}
