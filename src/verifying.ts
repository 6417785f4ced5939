/** Puts together what `verify` needs: a session, the script, and whatever stands between them. */
import { randomBytes } from 'node:crypto';
import type { App } from './contract/app.ts';
import type { BackendId } from './contract/backend.ts';
import { RouterError } from './contract/errors.ts';
import type { Verification, VerificationPlan } from './contract/verification.ts';
import type { Core, Extensions } from './core.ts';
import { usableOf } from './verify/usable.ts';
import { createVerifier } from './verify/verify.ts';

/** What somebody wants to be verified. */
export interface VerificationWish {
  readonly mode: VerificationPlan['mode'];
  /** Patterns of operations; none: all. */
  readonly operations: readonly string[];
  /** None: all that are configured. */
  readonly backends: readonly BackendId[];
  readonly writes: boolean;
  readonly maxRequests: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (operation: string, backend: BackendId) => void;
}

/** A run that is planned. */
export interface Verifying extends AsyncDisposable {
  readonly plan: VerificationPlan;
  run(): Promise<Verification>;
}

/** What of a session is needed. */
type Session = Pick<Core, 'router' | 'behind'> & AsyncDisposable & { readonly user: string; readonly backends: readonly string[] };

export interface VerifyingParts {
  readonly app: App;
  readonly folder: string;
  readonly open: (settings: Pick<Extensions, 'rewire'> & { readonly store?: string }) => Promise<Session>;
}

/** Throws `configuration`, `invalid_input` and `ambiguous_account`. */
export async function openVerifying({ app, open }: VerifyingParts, wish: VerificationWish): Promise<Verifying> {
  const session = await open(wish.mode === 'live' ? {} : { store: ':memory:' });
  try {
    const { router, behind, user } = session;
    const named = await backendsFor(session, wish.backends);
    const { backends, unusable } = await usableOf({ app, router, user, signal: wish.signal }, named);
    const { mode, operations, writes, ...effort } = wish;
    const verifier = await createVerifier(
      { app, bindings: behind.bindings, router, user, considerate: mode === 'live', ...effort },
      { mode, operations, backends, writes, run: randomBytes(4).toString('hex') },
    );
    const run = async (): Promise<Verification> => ({ ...(await verifier.run()), unusable });
    return { plan: verifier.plan, run, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** With the one first that needs nobody between us and the app: what it says is the app's own word. */
async function backendsFor({ backends, behind }: Session, wished: readonly BackendId[]): Promise<readonly BackendId[]> {
  const stranger = wished.find((backend) => !backends.includes(backend));
  if (stranger !== undefined)
    throw new RouterError('invalid_input', {
      what: `the backend ${stranger} is not configured`,
      next: `--backends takes ${backends.join(', ')}; nothing was sent.`,
      nearest: backends,
    });
  const named = wished.length > 0 ? backends.filter((backend) => wished.includes(backend)) : backends;
  const isDirect = (backend: BackendId): boolean => behind.adapters.get(backend)?.can.http === 'direct';
  return named.toSorted((a, b) => Number(isDirect(b)) - Number(isDirect(a)));
}
