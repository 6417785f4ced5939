import type { Failure } from '../contract/adapter.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';

/** What could be found out about a write whose answer was lost. */
export type Finding =
  | { readonly kind: 'present'; readonly data: unknown }
  | { readonly kind: 'absent' }
  /** Not proved, but sending it again leaves the same state and reaches nobody. */
  | { readonly kind: 'harmless' }
  | { readonly kind: 'unsure'; readonly why: string };

/** A read of the same account, over whatever route works; `appTime` is the app's own clock when it answered, ms since 1970. */
export type Look = (
  operation: string,
  input: JsonObject,
) => Promise<{ readonly data: unknown; readonly appTime?: number } | { readonly failure: Failure }>;

export interface Doubt {
  readonly operation: Operation;
  readonly input: JsonObject;
  /** Milliseconds since the request was sent, on a clock that only goes forward: what is older is not its work. */
  readonly sinceSentMs: () => number;
  /** Milliseconds since its answer was given up: until then it may have been executed, and from then on the app settles. */
  readonly sinceLostMs: () => number;
  /** How long the app's lists may lag behind its writes. */
  readonly settleMs: number;
  /** It will not be sent again: only what is proved counts. */
  readonly isLast?: boolean;
  /** Milliseconds left for this call. */
  readonly leftMs: () => number;
  readonly look: Look;
  /** Those of the objects that are known as the work of a call. */
  readonly claimed: (objectIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether an object that is known as the work of a call is this one's: it was noted before the process died. */
  readonly isOurs: (objectId: string) => Promise<boolean>;
  /** Takes an object as the work of this call. False: another call was quicker. */
  readonly claim: (objectId: string) => Promise<boolean>;
  /** Like calls of this process whose answer may still come: until then what is found may be theirs. */
  readonly rivals: () => { readonly sending: number; readonly doubting: number };
  /** How many like calls of other processes have lost their answer too. */
  readonly rivalsElsewhere: () => Promise<number>;
  readonly pause: (ms: number) => Promise<void>;
}

export function unsure(why: string): Finding {
  return { kind: 'unsure', why };
}

/** A look that the app refuses will be refused the next time too. */
export function blind({ code, what }: Failure): Finding | undefined {
  return REFUSED.has(code) ? unsure(`the app does not let it be looked up: ${what}`) : undefined;
}

const REFUSED: ReadonlySet<string> = new Set(['permission_denied', 'unsupported_operation', 'rejected', 'invalid_input']);

/** The object is as if the write had not happened: what that is worth. */
export function mayBeRepeated(doubt: Doubt): Finding | undefined {
  if (isRepeatable(doubt)) return { kind: 'harmless' };
  return isSettled(doubt) ? { kind: 'absent' } : undefined;
}

/** Sending it again leaves the same state, and reaches nobody. */
export function isRepeatable({ operation, input, isLast = false }: Doubt): boolean {
  return !isLast && operation.idempotent && !operation.sends(input);
}

/** Whether whatever was written before the answer was lost must show by now. */
export function isSettled({ sinceLostMs, settleMs }: Doubt): boolean {
  return sinceLostMs() >= settleMs;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Looks again and again, ever less often and once just after the app has settled, until there is a finding or no time is left. */
export async function poll(doubt: Doubt, once: () => Promise<Finding | undefined>): Promise<Finding> {
  for (let usualMs = FIRST_PAUSE_MS; ; usualMs = Math.min(usualMs * 2, LONGEST_PAUSE_MS)) {
    const found = await once();
    if (found) return found;
    const untilSettledMs = doubt.settleMs - doubt.sinceLostMs();
    const pauseMs = untilSettledMs > 0 ? Math.min(usualMs, Math.ceil(untilSettledMs)) : usualMs;
    if (doubt.leftMs() <= pauseMs) return outOfTime(doubt);
    await doubt.pause(pauseMs);
  }
}

function outOfTime(doubt: Doubt): Finding {
  if (isSettled(doubt)) return unsure('it could not be looked up in the time that this call may take');
  return unsure(`the app may show it only ${Math.round(doubt.settleMs / 1000)} s after the write, which is longer than this call may take`);
}
