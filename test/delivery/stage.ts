import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { type Core, openCore } from '../../src/core.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { USER } from '../contract/clients.ts';
import { configFor, type Name } from '../contract/rig.ts';
import { open } from '../sandbox/world-client.ts';
import { knownIn } from '../sandbox/world-story.ts';

const demo = open();
/** Ids of the demo world. */
export const KNOWN: Readonly<Record<string, string>> = knownIn(demo);
const seed = demo.world.snapshot();

/** The demo world once more, at the machine's time: the router tells the age of objects by both clocks. */
export function freshWorld(switches: Parameters<World['set']>[0] = {}): World {
  return createWorld({ snapshot: seed, clock: { kind: 'real' }, switches: { rateLimits: false, sendMs: 600_000, ...switches } });
}

/** How long lists may lag here. */
export const SETTLE_MS = 250;

export interface Stage extends AsyncDisposable {
  readonly backend: Name;
  readonly world: World;
  readonly sandbox: Sandbox<World>;
  readonly core: Core;
}

/** A router with one backend, over the real wire, that has already read its connections. */
export async function openStage(
  backend: Name,
  world: World = freshWorld(),
  { settleMs = SETTLE_MS }: { readonly settleMs?: number } = {},
): Promise<Stage> {
  const sandbox = await startSandbox({ world, doors: { [backend]: await BACKENDS[backend].door({ app: closeApp }) }, serve, user: USER });
  const config = { ...configFor(backend, sandbox.ready.backends[backend] ?? { url: '' }), store: ':memory:' };
  const core = await openCore(config, { settleMs });
  await warm(core, backend);
  const close = async (): Promise<void> => {
    await core.close();
    await sandbox.close();
  };
  return { backend, world, sandbox, core, [Symbol.asyncDispose]: close };
}

/** Connections are read within a few seconds or not at all, which on a busy machine may want a second attempt. */
async function warm(core: Core, backend: Name): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const report = await core.router.run('close.lead.list', { limit: 1 }, { user: USER });
    if (report.ok) return;
    if (tries === 5) throw new Error(`${backend} does not work: ${report.error.message}`);
  }
}

/** Where a backend takes the writes of the app; what else it is asked has other paths. */
const WRITES: Readonly<Record<Name, string>> = {
  rest: '^/api/v1/',
  composio: 'tools/execute/',
  membrane: '(/run$|/proxy/)',
  scalekit: '(/ExecuteTool$|^/proxy/)',
};

type Damage = Fault extends infer One ? (One extends unknown ? Omit<One, 'backend' | 'method' | 'path' | 'times'> : never) : never;

/** What goes wrong with a write on its way. */
export type Trouble =
  | { readonly wire: Damage }
  | { readonly app: { readonly when: 'before' | 'after'; readonly error: number | 'rate_limited' } };

export function strike({ backend, sandbox, world }: Stage, operation: Operation, trouble: Trouble): void {
  if ('app' in trouble) world.fail({ operation: operation.id, retryAfterMs: 100, ...trouble.app });
  else {
    const method = backend === 'rest' ? { method: operation.http.method } : {};
    // The union of faults is closed; a spread forgets which of them it is.
    sandbox.fault({ ...trouble.wire, ...method, path: WRITES[backend] } as Fault);
  }
}

export interface Write {
  readonly operation: Operation;
  readonly input: JsonObject;
}

const about = { lead_id: KNOWN['lead'] };
const phones = { local_phone: '+14155550100', remote_phone: '+14155550132' };
const letter = { sender: 'ada@fernhill.example', to: ['ingrid@northpine.example'], subject: 'Pilot agreed', body_text: 'Hello' };

const REPRESENTATIVE: Readonly<Record<string, JsonObject>> = {
  'lead.create': { name: 'Northpine Freight', url: 'https://freight.example', contacts: [{ name: 'Ola' }] },
  'contact.create': { ...about, name: 'Bea Lund', emails: [{ email: 'bea@northpine.example', type: 'office' }] },
  'task.create': { ...about, text: 'Send the contract', date: '2027-01-15' },
  'note.create': { ...about, note: 'Met at the fair & liked it' },
  'call.create': { ...about, direction: 'outbound', duration: 184, note: 'Budget confirmed' },
  'sms.create': { ...about, status: 'outbox', text: 'On my way', ...phones },
  'email.create': { ...about, status: 'outbox', ...letter },
  'lead.update': { ...about, description: 'Cold chain, 40 lorries' },
  'opportunity.update': { opportunity_id: KNOWN['opportunity'], confidence: 73 },
  'task.delete': { task_id: KNOWN['task'] },
  'lead.delete': { lead_id: KNOWN['other'] },
  'lead.merge': { source: KNOWN['other'], destination: KNOWN['lead'] },
  'sequence_subscription.create': { sequence_id: KNOWN['running'], contact_id: KNOWN['contact'] },
  'comment.create': { object_id: KNOWN['note'], body: '<body><p>Agreed</p></body>' },
  'webhook.create': { url: 'https://hooks.example/close', events: [{ object_type: 'lead', action: 'created' }] },
  'custom_field_lead.create': { name: 'Fleet size', type: 'number' },
};

const entries = await closeApp.all();
const operations = entries.filter((entry): entry is Operation => !isIntent(entry));

export const WRITE_LIST: readonly Write[] = Object.entries(REPRESENTATIVE).map(([id, input]) => {
  const operation = operations.find((one) => one.id === id);
  if (!operation) throw new Error(`no operation ${id}`);
  return { operation, input };
});

/** The effects in the world since it was opened, the app's own afterwork apart. */
export function effectsOf(world: World): readonly { readonly operation: string; readonly ids: readonly string[] }[] {
  return world.ledger().slice(seed.ledger.length);
}
