import type { Adapter, Reply } from '../contract/adapter.ts';
import type { Connection } from '../contract/connection.ts';
import type { Serve } from '../contract/host.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import type { AdapterSubject, SampleCall, Stage } from './subject.ts';

/** What the kit needs of the machine. */
export interface Tools {
  readonly serve: Serve;
  /** After so long, something that had to end is taken to wait for ever. */
  readonly patienceMs: number;
}

/** An adapter with its backend, through the fault server, that has listed its connections. */
export interface Trial extends AsyncDisposable {
  readonly subject: AdapterSubject;
  readonly stage: Stage;
  readonly server: FaultServer;
  readonly adapter: Adapter;
  /** The first active one. */
  readonly connection: Connection;
  readonly tools: Tools;
}

/** What came of one call, as the wire and the caller saw it. */
export interface Observed {
  /** Absent: it threw, or never settled. */
  readonly reply?: Reply;
  readonly thrown?: unknown;
  readonly isSettled: boolean;
  /** How many requests carried an operation. */
  readonly carried: number;
  /** The paths of all requests of the call. */
  readonly paths: readonly string[];
  /** How many writes the far side has done, if it counts. */
  readonly effects?: number;
}

/** Opens a fresh backend. Throws a plain error when the user has no active connection: then there is nothing to try. */
export async function openTrial(subject: AdapterSubject, tools: Tools): Promise<Trial> {
  const stage = await subject.start();
  const server = await startFaultServer({ upstream: stage.upstream, serve: tools.serve });
  const adapter = await stage.open(server.url);
  const close = async (): Promise<void> => {
    // Whether it can be closed is a promise of its own, and tried there.
    await adapter.close().catch(() => undefined);
    await server.close();
    await stage.close();
  };
  try {
    const connections = await adapter.connections(stage.query, AbortSignal.timeout(tools.patienceMs));
    const connection = connections.find(({ status }) => status === 'active');
    if (!connection) throw new Error(`${subject.name}: start() has to give ${stage.query.user} an active connection to ${stage.query.app}`);
    return { subject, stage, server, adapter, connection, tools, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes a call and waits for its end, but not for ever. */
export async function observe(
  { subject, stage, server, adapter, connection, tools }: Trial,
  call: SampleCall,
  { signal = new AbortController().signal, on = connection }: { readonly signal?: AbortSignal; readonly on?: Connection } = {},
): Promise<Observed> {
  const before = server.requests().length;
  const outcome = await settled(() => send(adapter, call, on, signal), tools.patienceMs);
  const paths = server
    .requests()
    .slice(before)
    .map(({ path }) => path);
  const effects = stage.effects?.();
  return {
    ...outcome,
    paths,
    carried: paths.filter((path) => subject.carries.test(path)).length,
    ...(effects === undefined ? {} : { effects }),
  };
}

function send(adapter: Adapter, { name: _name, ...call }: SampleCall, connection: Connection, signal: AbortSignal): Promise<Reply> {
  return 'tool' in call ? adapter.invoke({ ...call, connection }, signal) : adapter.request({ ...call, connection }, signal);
}

type Settled = Pick<Observed, 'reply' | 'thrown' | 'isSettled'>;

/** What a promise came to, or that it came to nothing within `patienceMs`. */
async function settled(begin: () => Promise<Reply>, patienceMs: number): Promise<Settled> {
  const { promise: late, resolve } = Promise.withResolvers<Settled>();
  const timer = setTimeout(() => resolve({ isSettled: false }), patienceMs);
  // Also an adapter that throws before it returns a promise is one that throws.
  const done = (async () => begin())().then(
    (reply): Settled => ({ reply, isSettled: true }),
    (thrown: unknown): Settled => ({ thrown, isSettled: true }),
  );
  const first = await Promise.race([done, late]);
  clearTimeout(timer);
  return first;
}
