import { createHmac } from 'node:crypto';
import { MembraneClient } from '@membranehq/sdk';
import { createMembraneAdapter, type MembraneOptions } from '../../adapters/membrane/adapter.ts';
import { closeBinding } from '../../adapters/membrane/close.generated.ts';
import { createMembraneDoor, type MembraneDoorOptions } from '../../adapters/membrane/door.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
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

export const NOW = new Date('2026-03-02T09:00:00.000Z');

// Whatever stands in an answer is what the test is about.
// biome-ignore lint/suspicious/noExplicitAny: an answer of a foreign protocol, looked into by the test
type Answer = any;

export interface Opened extends AsyncDisposable {
  readonly stage: Stage;
  readonly sandbox: Sandbox<Stage>;
  readonly url: string;
  readonly workspaceKey: string;
  readonly workspaceSecret: string;
  /** Ada's connection, READY from the start. */
  readonly connection: string;
  /** The SDK as Membrane's documentation makes it, for a tenant. */
  client(tenantKey?: string): MembraneClient;
  adapter(options?: Partial<MembraneOptions>): Adapter;
  /** A token with these claims, signed with the workspace secret. */
  token(claims: object, algorithm?: 'HS256' | 'HS384' | 'HS512', secret?: string): string;
  /** A request without the SDK. */
  fetch(method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; body: Answer; headers: Headers }>;
}

/** The Membrane door on a loopback port, in front of a scripted app. */
export async function openDoor(options: Partial<MembraneDoorOptions> = {}): Promise<Opened> {
  const stage = createStage();
  const doors = { membrane: createMembraneDoor({ app: closeApp, binding: closeBinding, ...options }) };
  const sandbox = await startSandbox({ world: stage, serve, doors });
  const ready: Readonly<Record<string, string>> = sandbox.ready.backends['membrane'] ?? {};
  const { url = '', workspaceKey = '', workspaceSecret = '' } = ready;
  const [first] = await sandbox.connections('membrane');
  const token: Opened['token'] = (claims, algorithm = 'HS256', secret = workspaceSecret) => sign(claims, algorithm, secret);
  return {
    stage,
    sandbox,
    url,
    workspaceKey,
    workspaceSecret,
    connection: first?.id ?? '',
    client: (tenantKey = 'ada') => new MembraneClient({ workspaceKey, workspaceSecret, tenantKey, apiUri: url }),
    adapter: (more = {}) => createMembraneAdapter({ workspaceKey, workspaceSecret, baseUrl: url, now: () => NOW, ...more }),
    token,
    fetch: async (method, path, body, bearer = token({ workspaceKey, tenantKey: 'ada', exp: inAnHour() })) => {
      const reply = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await reply.text();
      return { status: reply.status, body: text === '' ? undefined : JSON.parse(text), headers: reply.headers };
    },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

export function inAnHour(): number {
  return Math.floor(Date.now() / 1000) + 3600;
}

/** A JWT of Membrane, signed with a workspace secret. */
export function sign(claims: object, algorithm: string, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: algorithm, typ: 'JWT' })}.${part(claims)}`;
  const hash = `sha${algorithm.slice(2)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}
