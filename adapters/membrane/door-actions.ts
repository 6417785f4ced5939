import { Hono } from 'hono';
import { toolSchema } from '../../src/binding/schema.ts';
import { operationsOf } from '../../src/binding/serve.ts';
import type { ToolCell } from '../../src/contract/binding.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { type Call, type Desk, type Env, idOf, isIntegration, mentions, namedConnection, paged, refuse, wordsOf } from './door-desk.ts';
import { titled } from './door-shapes.ts';

/** One published action and the operation that it means. */
export interface Action {
  readonly cell: ToolCell;
  readonly operation: Operation;
}

export function actionRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', async (call) => call.json(await list(desk, call)))
    .get('/:sel', async (call) => call.json(toAction(desk, await actionBy(desk, call.req.param('sel')))));
}

/** By id or key; the older spelling `/action?key=` means the same. */
export async function actionBy(desk: Desk, selector: string | undefined): Promise<Action> {
  const found = (await actionsOf(desk)).find(({ cell }) => selector === cell.tool || selector === idOf('action', cell.tool));
  if (!found) throw refuse.notFound('Action');
  return found;
}

export async function actionsOf({ app, binding }: Desk): Promise<readonly Action[]> {
  const operations = await operationsOf(app);
  return operations.flatMap((operation) => {
    const cell = binding.cells[operation.id];
    return cell?.transport === 'tool' ? [{ cell, operation }] : [];
  });
}

/** Its names and schema are ours, read from the binding: the real ones are not published. */
export function toAction(desk: Desk, { cell, operation }: Action): JsonObject {
  return {
    id: idOf('action', cell.tool),
    key: cell.tool,
    name: titled(cell.tool),
    description: operation.summary,
    type: 'api-request-to-external-app',
    inputSchema: toolSchema(cell, operation),
    state: 'READY',
    integrationId: idOf('integration', desk.integration),
  };
}

/** guess: how many actions are shown for an intent; the public skill says ten. */
const BY_INTENT = 10;

async function list(desk: Desk, call: Call): Promise<object> {
  const asked = call.req.query();
  const { intent } = asked;
  if (intent !== undefined && intent.length > 200) throw refuse.malformed('intent must be at most 200 characters');
  await namedConnection(desk, call, { connectionId: asked['connectionId'], connectionKey: asked['connectionKey'] });
  const integration = asked['integrationKey'] ?? asked['integrationId'];
  const all = integration !== undefined && !isIntegration(desk, integration) ? [] : await actionsOf(desk);
  const found = all.map((one) => toAction(desk, one)).filter((one) => mentions(textOf(one), asked['search']));
  return intent ? paged(call, ranked(found, intent), { usual: BY_INTENT }) : paged(call, found);
}

/** guess: the real ranking is by meaning; here by how many words of the intent are mentioned, those without any left out. */
function ranked(actions: readonly JsonObject[], intent: string): readonly JsonObject[] {
  const words = wordsOf(intent).map((word) => word.replace(/s$/, ''));
  const scored = actions.map((action) => ({ action, score: words.filter((word) => textOf(action).includes(word)).length }));
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ action }) => action);
}

function textOf({ key, name, description }: JsonObject): string {
  return `${key} ${name} ${description}`.toLowerCase();
}
