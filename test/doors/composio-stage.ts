import { Composio } from '@composio/core';
import { closeBinding } from '../../adapters/composio/close.generated.ts';
import { createComposioDoor } from '../../adapters/composio/door.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { CanonicalCall, Outcome } from '../../src/contract/executor.ts';
import { type Sandbox, type SandboxWorld, startSandbox } from '../../src/sandbox/start.ts';
import { serve } from '../../src/server/host.ts';

/** An app that does what the test says, and remembers the canonical calls that arrived. */
interface Stage extends SandboxWorld {
  readonly calls: CanonicalCall[];
  answer: (call: CanonicalCall) => Outcome;
}

export const done = (data: unknown): Outcome => ({ ok: true, data, rateLimit: { limit: 100, remaining: 99, resetSeconds: 1 } });

function createStage(): Stage {
  return {
    calls: [],
    answer: () => done({ id: 'lead_1', custom: { cf_one: 'x' } }),
    keys: () => [{ key: 'api_ada', userId: 'user_ada', organizationId: 'orga_one', label: 'One (Ada)' }],
    now: () => '2026-03-02T09:00:00.000Z',
    advance: () => undefined,
    snapshot: () => ({}),
    run(call) {
      this.calls.push(call);
      return this.answer(call);
    },
  };
}

export interface Opened extends AsyncDisposable {
  readonly stage: Stage;
  readonly sandbox: Sandbox<Stage>;
  readonly url: string;
  readonly key: string;
  /** Ada's account, ACTIVE from the start. */
  readonly account: string;
  /** The SDK as Composio's documentation makes it, quiet. */
  readonly composio: Composio;
  /** A request without the SDK. */
  fetch(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: Answer; headers: Headers }>;
}

// Whatever stands in an answer is what the test is about.
// biome-ignore lint/suspicious/noExplicitAny: an answer of a foreign protocol, looked into by the test
type Answer = any;

/** The Composio door on a loopback port, in front of a scripted app. */
export async function openDoor(): Promise<Opened> {
  const stage = createStage();
  const sandbox = await startSandbox({
    world: stage,
    serve,
    doors: { composio: createComposioDoor({ app: closeApp, binding: closeBinding }) },
  });
  const ready: Readonly<Record<string, string>> = sandbox.ready.backends['composio'] ?? {};
  const { url = '', apiKey: key = '' } = ready;
  const [first] = await sandbox.connections('composio');
  const composio = new Composio({ apiKey: key, baseURL: url, allowTracking: false, disableVersionCheck: true });
  return {
    stage,
    sandbox,
    url,
    key,
    account: first?.id ?? '',
    composio,
    fetch: async (method, path, body, headers = {}) => {
      const reply = await fetch(`${url}/api/v3.1${path}`, {
        method,
        headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: reply.status, body: await reply.json(), headers: reply.headers };
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}
