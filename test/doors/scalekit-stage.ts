import { ScalekitClient } from '@scalekit-sdk/node';
import { createScalekitAdapter, type ScalekitOptions } from '../../adapters/scalekit/adapter.ts';
import { closeBinding } from '../../adapters/scalekit/close.generated.ts';
import { createScalekitDoor } from '../../adapters/scalekit/door.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { CanonicalCall, Outcome } from '../../src/contract/executor.ts';
import { type Sandbox, type SandboxWorld, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';

/** An app that does what the test says, and remembers the canonical calls that arrived. */
interface Stage extends SandboxWorld {
  readonly calls: CanonicalCall[];
  answer: (call: CanonicalCall) => Outcome;
  clock: number;
}

export const done = (data: unknown): Outcome => ({ ok: true, data, rateLimit: { limit: 100, remaining: 99, resetSeconds: 1 } });

const START = Date.parse('2026-03-02T09:00:00.000Z');

function createStage(): Stage {
  return {
    calls: [],
    clock: START,
    answer: () => done({ id: 'lead_1', custom: { cf_one: 'x' } }),
    keys: () => [{ key: 'api_ada', userId: 'user_ada', organizationId: 'orga_one', label: 'One (Ada)' }],
    now() {
      return this.clock;
    },
    advance(ms) {
      this.clock += ms;
    },
    snapshot: () => ({}),
    run(call) {
      this.calls.push(call);
      return this.answer(call);
    },
  };
}

// Whatever stands in an answer is what the test is about.
// biome-ignore lint/suspicious/noExplicitAny: an answer of a foreign protocol, looked into by the test
type Answer = any;

export interface Opened<Played extends SandboxWorld> extends AsyncDisposable {
  readonly stage: Played;
  readonly sandbox: Sandbox<Played>;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Ada's account, ACTIVE from the start. */
  readonly account: string;
  /** The SDK as Scalekit's documentation makes it. */
  readonly scalekit: ScalekitClient;
  adapter(options?: Partial<ScalekitOptions>): Adapter;
  token(): Promise<string>;
  /** A REST call without the SDK. */
  fetch(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: Answer }>;
}

/** The Scalekit door on a loopback port, in front of a scripted app. */
export function openDoor(): Promise<Opened<Stage>> {
  return open(createStage());
}

/** The Scalekit door on a loopback port, in front of the sandbox's Close. */
export function openWorld(data: 'demo' | 'empty' = 'demo'): Promise<Opened<World>> {
  return open(createWorld({ data }));
}

async function open<Played extends SandboxWorld>(stage: Played): Promise<Opened<Played>> {
  const door = createScalekitDoor({ app: closeApp, binding: closeBinding });
  const sandbox = await startSandbox({ world: stage, serve, doors: { scalekit: door } });
  const ready: Readonly<Record<string, string>> = sandbox.ready.backends['scalekit'] ?? {};
  const { url = '', clientId = '', clientSecret = '' } = ready;
  const [first] = await sandbox.connections('scalekit');
  const adapters: Adapter[] = [];
  const token = async (): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
    const answer: Answer = await (await fetch(`${url}/oauth/token`, { method: 'POST', body })).json();
    return answer.access_token;
  };
  return {
    stage,
    sandbox,
    url,
    clientId,
    clientSecret,
    account: first?.id ?? '',
    scalekit: new ScalekitClient(url, clientId, clientSecret),
    adapter: (options = {}) => {
      const adapter = createScalekitAdapter({ envUrl: url, clientId, clientSecret, now: () => new Date(START), ...options });
      adapters.push(adapter);
      return adapter;
    },
    token,
    fetch: async (method, path, body, headers = {}) => {
      const reply = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(adapters.map((adapter) => adapter.close()));
      await sandbox.close();
    },
  };
}
