/** Where the wrong calls are made: the demo in the sandbox, with users who have a connection, none, an expired one, or two accounts. */
import { setTimeout as pause } from 'node:timers/promises';
import { createRouter, type ExtendedRouter } from '../../../src/index.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../../src/sandbox.ts';
import { type Call, type Hands, type Repaired, repair } from './agent.ts';
import type { Wrong } from './cases.ts';

export interface Outcome extends Repaired {
  /** Whether the call that succeeded is the one that was meant. */
  readonly meant: boolean;
}

/** Has the agent repair one wrong call, in a world of its own. */
export async function tryRepair({ call, knows = {}, gives, user = 'ada' }: Wrong): Promise<Outcome> {
  await using sandbox = await startSandbox();
  await using router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:', policy: { ask: ['destructive'] } }, {});
  const ids = await demoIds(router);
  await peopled(sandbox);
  if (user === 'erin') limit(sandbox);
  // The key of one case was used before.
  await router.run('close.lead.create', { name: 'Before' }, { idempotencyKey: 'used' });
  const hands = handsOf({ router, sandbox, user, words: knows.words ?? [] });
  const repaired = await repair({ ...call, input: filled(call.input, ids) }, knows, hands);
  return { ...repaired, meant: repaired.ok && holds(repaired.data, filled(gives, ids)) };
}

interface Setting {
  readonly router: ExtendedRouter;
  readonly sandbox: Sandbox;
  readonly user: string;
  readonly words: readonly string[];
}

function handsOf({ router, sandbox, user, words }: Setting): Hands {
  const query = { app: 'close', user };
  return {
    run: ({ operation, input, ...options }: Call) => router.run(operation as string, { ...input }, { user, ...options }),
    link: async (backend) => (await router.connections.connect({ ...query, backend })).url,
    connect: async (link) => {
      sandbox.complete(link);
      await router.connections.wait({ ...query, timeoutMs: 20_000 }, () => undefined);
    },
    // The user knows by the account's name which one they mean.
    choose: async (choices) => {
      if (choices.length === 1) return choices[0];
      const { connections } = await router.connections.check(query);
      return choices.find((one) =>
        connections.some(
          ({ backend, connection, account }) => one === `${backend}:${connection}` && words.some((word) => account?.includes(word)),
        ),
      );
    },
    consent: async () => true,
    wait: async (ms) => {
      await pause(ms);
    },
  };
}

/** Ada is there from the start, on every backend; Bob has no connection at all. */
async function peopled(sandbox: Sandbox): Promise<void> {
  const carol = sandbox.connect('composio', 'carol');
  sandbox.change('composio', carol.id, { status: 'expired' });
  const [first, second] = sandbox.world.keys();
  sandbox.connect('composio', 'dora', first?.key);
  sandbox.connect('membrane', 'dora', second?.key);
  sandbox.connect('scalekit', 'erin');
}

/** The next request is one too many, and the wait is longer than the call may take. */
function limit(sandbox: Sandbox): void {
  const limited = { status: 429, headers: { 'retry-after': '1' }, body: { error: 'rate limited' } };
  sandbox.fault({ backend: 'scalekit', when: 'before', kind: 'status', ...limited });
}

async function demoIds(router: ExtendedRouter): Promise<Readonly<Record<string, string>>> {
  const found = await router.run('close.lead.list', { query: 'name:"Northpine Logistics"' });
  const [lead] = found.ok ? found.data.data : [];
  if (!lead) throw new Error('the demo has no Northpine Logistics');
  const note = await router.run('close.note.create', { lead_id: lead.id, note: 'To be deleted' });
  const ids = {
    lead: lead.id,
    contact: lead.contacts?.[0]?.id,
    deal: lead.opportunities?.[0]?.id,
    task: lead.tasks?.[0]?.id,
    note: note.ok ? note.data.id : undefined,
  };
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => {
      if (id === undefined) throw new Error(`the demo has no ${name}`);
      return [name, id];
    }),
  );
}

function filled<Value extends object>(value: Value, ids: Readonly<Record<string, string>>): Value {
  return JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'string' && one.startsWith('$') ? ids[one.slice(1)] : one));
}

/** Whether everything in `part` is in `whole`; of a list, the first items. */
function holds(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part).every(([key, value]) => holds(Reflect.get(whole, key), value));
}
