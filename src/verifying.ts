/** Puts together what `verify` needs: a session, the script, and whatever stands between them. */
import { randomBytes } from 'node:crypto';
import { BACKENDS } from '../adapters/index.ts';
import type { App } from './contract/app.ts';
import type { BackendId } from './contract/backend.ts';
import { RouterError } from './contract/errors.ts';
import type { Verification, VerificationPlan } from './contract/verification.ts';
import { type Backend, type Core, type Extensions, openCore } from './core.ts';
import { guessesOf } from './verify/tape/against.ts';
import { readTape, type Tape, type TapeIndex, writeTape } from './verify/tape/cassette.ts';
import { Player } from './verify/tape/player.ts';
import { Recorder } from './verify/tape/recorder.ts';
import { Redactor } from './verify/tape/redact.ts';
import { vocabularyOf } from './verify/tape/vocabulary.ts';
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
  /** A folder for what goes over the adapters, redacted. */
  readonly record?: string;
  /** The folder of a recording that answers instead of anybody; for mode `replay`. */
  readonly replay?: string;
  /** The folder of a recording that the sandbox is held against; for mode `sandbox`. */
  readonly against?: string;
  /** Stands between the router and its backends. */
  readonly rewire?: Extensions['rewire'];
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
  readonly open: (settings: Pick<Extensions, 'rewire'> & { readonly store?: string }) => Promise<Session>;
}

/** Throws `configuration`, `invalid_input` and `ambiguous_account`. */
export async function openVerifying(parts: VerifyingParts, given: VerificationWish): Promise<Verifying> {
  const { app } = parts;
  const folder = given.replay ?? given.against;
  const tape = folder === undefined ? undefined : readTape(folder);
  const wish = tape ? asRecorded(given, tape.index) : given;
  const listening = await listenerFor(app, wish, tape);
  const session = await sessionFor(parts, wish, listening);
  try {
    const { router, behind, user } = session;
    const named = await backendsFor(session, wish.backends);
    const { backends, unusable } = await usableOf({ app, router, user, signal: wish.signal }, named);
    const { mode, operations, writes, ...effort } = wish;
    const careful = mode === 'live' || (tape !== undefined && tape.index.mode === 'live');
    const verifier = await createVerifier(
      {
        app,
        bindings: behind.bindings,
        router,
        user,
        considerate: mode === 'live',
        ...effort,
        onCall: (operation) => listening?.hears(operation),
      },
      { mode, operations, backends, writes, careful, run: randomBytes(4).toString('hex') },
    );
    const run = async (): Promise<Verification> => {
      const report = { ...(await verifier.run()), unusable };
      if (wish.record !== undefined && mode !== 'replay')
        writeTape(wish.record, listening?.tape({ app: app.id, mode, writes, operations, backends }) ?? fail());
      const unrecorded = listening?.misses() ?? [];
      if (unrecorded.length > 0) return { ...report, ok: false, unrecorded };
      return wish.against === undefined ? report : { ...report, guesses: guessesOf(tape?.exchanges ?? [], listening?.exchanges() ?? []) };
    };
    return { plan: verifier.plan, run, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same script again, as far as nobody wants less of it. */
function asRecorded(wish: VerificationWish, { operations, backends, writes }: TapeIndex): VerificationWish {
  return {
    ...wish,
    writes,
    operations: wish.operations.length > 0 ? wish.operations : operations,
    backends: wish.backends.length > 0 ? wish.backends : backends,
  };
}

/** What stands between the router and its backends while a run lasts. */
interface Listening {
  readonly rewire: (backend: Backend) => Backend;
  hears(operation: string): void;
  tape(index: Omit<TapeIndex, 'connections'>): Tape;
  exchanges(): Tape['exchanges'];
  misses(): readonly string[];
}

async function listenerFor(app: App, { mode, record, against }: VerificationWish, tape: Tape | undefined): Promise<Listening | undefined> {
  if (mode !== 'replay' && record === undefined && against === undefined) return undefined;
  const bindings = (await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()))).flat();
  const vocabulary = await vocabularyOf(app, bindings);
  const { operation } = app.identity;
  if (mode === 'replay' && tape) {
    const player = new Player(tape, new Redactor(vocabulary, { keepsIds: true }), operation);
    const rewire = (backend: Backend): Backend => ({ ...backend, adapter: player.instead(backend.adapter) });
    return { rewire, hears: (name) => player.turnTo(name), tape: fail, exchanges: () => [], misses: () => player.misses };
  }
  const recorder = new Recorder(new Redactor(vocabulary), operation);
  const rewire = (backend: Backend): Backend => ({ ...backend, adapter: recorder.before(backend.adapter) });
  const all = (index: Omit<TapeIndex, 'connections'>): Tape => recorder.tape(index);
  const none = { app: app.id, mode: 'sandbox', writes: false, operations: [], backends: [] } as const;
  return {
    rewire,
    hears: (name) => recorder.turnTo(name),
    tape: all,
    exchanges: () => recorder.tape(none).exchanges,
    misses: () => [],
  };
}

function fail(): never {
  throw new Error('a recording was asked for, and nobody listened');
}

async function sessionFor({ open }: VerifyingParts, wish: VerificationWish, listening: Listening | undefined): Promise<Session> {
  const { mode, backends, rewire = (backend: Backend) => backend } = wish;
  const both = (backend: Backend): Backend => listening?.rewire(rewire(backend)) ?? rewire(backend);
  if (mode !== 'replay') return open({ ...(mode === 'live' ? {} : { store: ':memory:' }), rewire: both });
  // Adapters that are replaced before anything is sent need settings, and no secret.
  const unused = {
    api_key: 'unused',
    workspace_key: 'unused',
    workspace_secret: 'unused',
    env_url: 'http://127.0.0.1',
    client_id: 'unused',
    client_secret: 'unused',
  };
  const policy = { prefer: [], pin: {}, deny: [], ask: [], account: 'user' } as const;
  const settings = Object.fromEntries(backends.map((backend) => [backend, unused]));
  const core = await openCore({ backends: settings, users: {}, defaultUser: 'user', policy, store: ':memory:' }, { rewire: both });
  return { ...core, user: 'user', backends };
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
