import type { Connection } from '../../contract/connection.ts';
import type { JsonObject } from '../../contract/guards.ts';
import { checkedArguments } from '../arguments.ts';
import { READS } from '../hints.ts';
import { answered, outputSchema } from '../results.ts';
import type { FoundOperation, Services } from '../services.ts';
import type { Tool, ToolRequest, ToolResult } from '../tool.ts';

const DEFAULT_LIMIT = 8;

/** Finds operations, with all that a simple call needs: the name, the required fields, and whether a connection is there. */
export function searchOperations(services: Services): Tool {
  const inputSchema = {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 400, description: 'What to do, e.g. "log a call"' },
      limit: { type: 'integer', minimum: 1, maximum: 50, description: `Default ${DEFAULT_LIMIT}` },
    },
    required: ['query'],
    additionalProperties: false,
  };
  return {
    name: 'search_operations',
    title: 'Search operations',
    description:
      'Find the operation for a task: names, required input, effect, and whether a connection is active. Start here unless you know the name. Not for records of the app: for those run its list, find or search operations.',
    inputSchema,
    outputSchema: outputSchema({
      operations: { type: 'array', items: { type: 'object' } },
      total: { type: 'integer' },
      connections: { type: 'object' },
    }),
    annotations: READS,
    call: async (raw, request) => {
      const { query, limit = DEFAULT_LIMIT } = checkedArguments('search_operations', inputSchema, raw);
      const found = await services.search(String(query), request.caller.scope);
      return show(found, Number(limit), await standing(services, request));
    },
  };
}

function show(found: readonly FoundOperation[], limit: number, connections: JsonObject): ToolResult {
  const operations = found.slice(0, limit);
  const rest = found.length - operations.length;
  const head =
    found.length === 0
      ? 'nothing found: use other words, e.g. a noun of the app (lead, contact, call, task) and what to do with it'
      : `${operations.length} of ${found.length} operations, best first`;
  return answered(
    [
      head,
      ...operations.map(({ operation, effect, required, summary }) => `${operation} (${effect}; needs ${listOf(required)}) ${summary}`),
      rest > 0 ? `${rest} more fit less well: a larger limit shows them` : '',
      ...Object.entries(connections).map(([app, standing]) => `connection to ${app}: ${JSON.stringify(standing)}`),
    ],
    { operations, total: found.length, connections },
  );
}

function listOf(required: readonly string[]): string {
  return required.length === 0 ? 'nothing' : required.join(', ');
}

/** app → backend → status, as lately read; a backend that does not answer in a moment is not waited for. */
async function standing({ apps, recent }: Services, { caller: { user } }: ToolRequest): Promise<JsonObject> {
  const all = apps.map(async (app) => [app, await within(recent({ app, user }).then(statuses), PATIENCE_MS)] as const);
  return Object.fromEntries(await Promise.all(all));
}

const PATIENCE_MS = 2000;

function statuses(connections: readonly Connection[]): JsonObject | string {
  if (connections.length === 0) return 'none: call connect';
  const best = connections.toSorted((a, b) => Number(a.status === 'active') - Number(b.status === 'active'));
  return Object.fromEntries(best.map(({ backend, status }) => [backend, status]));
}

function within(work: Promise<JsonObject | string>, ms: number): Promise<JsonObject | string> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, ms, 'not known yet: call connections').unref());
  return Promise.race([work.catch(() => 'not known: call connections'), late]);
}
