/** Five tools for a catalogue of any size: find an operation, look at it, run it, and see to the user's connections. */
import { nearestOperations } from '../catalog/nearest-operation.ts';
import { RouterError } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';
import { partsOf } from './approval.ts';
import { answer, settled } from './outcome.ts';
import type { ToolAnnotations, ToolSpec } from './spec.ts';
import type { Tool, ToolsetParts } from './toolset.ts';

export interface MetaParts extends ToolsetParts {
  readonly specs: readonly ToolSpec[];
  /** One for each of `specs`, in the same order. */
  readonly tools: readonly Tool[];
}

export function metaTools(parts: MetaParts): readonly Tool[] {
  return [searchOperations(parts), describeOperation(parts), runOperation(parts), connections(parts), connect(parts)];
}

const READS: ToolAnnotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const TEXT: JsonObject = { type: 'string' };
const NAME: JsonObject = { type: 'string', description: 'Full name of an operation, e.g. close.lead.create' };
/** How many operations a search names: the right one is among the first few or was asked for in other words. */
const MOST_FOUND = 8;

function searchOperations({ apps, search, specs }: MetaParts): Tool {
  return {
    ...described(
      'search_operations',
      'Search operations',
      'Find operations by what they do, in your own words. Returns the best matches, best first, each with the fields that it needs. Then call run_operation, or describe_operation for all fields.',
    ),
    inputSchema: objectSchema({ query: { ...TEXT, description: 'What is to be done, e.g. "log a call"' } }),
    outputSchema: objectSchema({ operations: { type: 'array', items: { type: 'object' } } }),
    examples: [{ query: 'log a call' }],
    annotations: READS,
    risk: 'read',
    tags: ['meta'],
    approvalFor: () => 'auto',
    run: (input) =>
      settled(async () => {
        const query = textAt(input, 'query', 'search_operations');
        const found = await Promise.all(apps.map(async (app) => (await search(app, query)).map(({ id }) => `${app.id}.${id}`)));
        const known = found.flat().flatMap((name) => specs.find(({ operation }) => operation === name) ?? []);
        return answer(`search_operations "${query.slice(0, 60)}"`, { operations: known.slice(0, MOST_FOUND).map(lineOf) });
      }),
  };
}

function describeOperation({ specs }: MetaParts): Tool {
  return {
    ...described(
      'describe_operation',
      'Describe operation',
      'All input fields of one operation as JSON Schema, with an example. Returns { operation, description, risk, input, example }.',
    ),
    inputSchema: objectSchema({ operation: NAME }),
    outputSchema: objectSchema({ operation: TEXT, description: TEXT, risk: TEXT, input: { type: 'object' }, example: { type: 'object' } }),
    examples: [{ operation: 'close.lead.create' }],
    annotations: READS,
    risk: 'read',
    tags: ['meta'],
    approvalFor: () => 'auto',
    run: (input) =>
      settled(async () => {
        const { operation, description, risk, inputSchema, examples } = specNamed(specs, textAt(input, 'operation', 'describe_operation'));
        return answer(`describe_operation ${operation}`, { operation, description, risk, input: inputSchema, example: examples[0] });
      }),
  };
}

function runOperation({ specs, tools }: MetaParts): Tool {
  const toolOf = (name: string): Tool | undefined => tools[specs.findIndex(({ operation }) => operation === name)];
  return {
    ...described(
      'run_operation',
      'Run operation',
      'Run one operation. Returns what the operation returns. An error says what to correct, and what to do before the same call is repeated. Whatever deletes or reaches a person is asked about first.',
    ),
    inputSchema: objectSchema({
      operation: NAME,
      input: { type: 'object', additionalProperties: {}, description: 'The fields of the operation' },
    }),
    outputSchema: { type: 'object', additionalProperties: {} },
    examples: specs.slice(0, 1).map(({ operation, examples }) => ({ operation, input: examples[0] ?? {} })),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    risk: specs.every(({ risk }) => risk === 'read') ? 'read' : 'irreversible',
    tags: ['meta'],
    approvalFor: (call) => toolOf(stringAt(call, 'operation') ?? '')?.approvalFor(inputOf(call)) ?? 'auto',
    run: (call, context) =>
      settled(async () => {
        const { operation } = specNamed(specs, textAt(call, 'operation', 'run_operation'));
        return toolOf(operation)?.run(inputOf(call), context) ?? Promise.reject(new Error(`there is no tool for ${operation}`));
      }),
  };
}

function connections({ apps, user, connections: api }: MetaParts): Tool {
  return {
    ...described(
      'connections',
      'Connections',
      "The user's connections on every backend and whether they can be used. Returns { connections, unreachable }.",
    ),
    inputSchema: objectSchema({}),
    outputSchema: objectSchema({
      connections: { type: 'array', items: { type: 'object' } },
      unreachable: { type: 'array', items: { type: 'object' } },
    }),
    examples: [{}],
    annotations: { ...READS, openWorldHint: true },
    risk: 'read',
    tags: ['meta'],
    approvalFor: () => 'auto',
    run: (_, { signal } = {}) =>
      settled(async () => {
        const reports = await Promise.all(apps.map((app) => api.list({ app: app.id, user }, signal)));
        const all = { connections: reports.flatMap((one) => one.connections), unreachable: reports.flatMap((one) => one.unreachable) };
        return answer('connections', all);
      }),
  };
}

function connect({ apps, user, connections: api }: MetaParts): Tool {
  return {
    ...described(
      'connect',
      'Connect',
      'Start a connection of the user to the app on one backend, when a call says connection_required. Returns { url, how }: give the person the link; repeat your call when they are done.',
    ),
    inputSchema: objectSchema({ backend: { ...TEXT, description: 'Backend, as the error or connections names it' } }),
    outputSchema: objectSchema({ url: TEXT, how: TEXT }),
    examples: [{ backend: 'composio' }],
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
    risk: 'write',
    tags: ['meta'],
    approvalFor: () => 'auto',
    run: (input, { signal } = {}) =>
      settled(async () => {
        const backend = textAt(input, 'backend', 'connect');
        const links = await Promise.all(apps.map((app) => api.connect({ app: app.id, user, backend }, signal)));
        return answer(`connect ${backend}`, links[0]);
      }),
  };
}

function described(name: string, title: string, description: string): Pick<Tool, 'name' | 'title' | 'description'> {
  return { name, title, description };
}

/** Every field is needed: a tool of tools has no options. */
function objectSchema(properties: JsonObject): JsonObject {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function lineOf({ operation, description, risk, inputSchema }: ToolSpec): JsonObject {
  return { operation, description, risk, required: isStrings(inputSchema['required']) ? inputSchema['required'] : [] };
}

function specNamed(specs: readonly ToolSpec[], name: string): ToolSpec {
  const { app, id } = partsOf(name);
  const found = specs.find(({ operation }) => operation === name || (app === '' && partsOf(operation).id === id));
  if (found) return found;
  const nearest = nearestOperations(
    name,
    specs.map(({ operation }) => operation),
  );
  throw new RouterError('unknown_operation', {
    what: `there is no operation "${name.replaceAll(/[^\w.-]/g, '?').slice(0, 80)}" here`,
    next: `${nearest.length > 0 ? `Did you mean ${nearest.join(', ')}? ` : ''}Find it with search_operations.`,
    nearest,
  });
}

function inputOf(call: JsonObject): JsonObject {
  const { input } = call;
  return isObject(input) ? input : {};
}

function textAt(input: JsonObject, field: string, tool: string): string {
  const found = stringAt(input, field);
  if (found !== undefined && found.trim() !== '') return found;
  throw new RouterError('invalid_input', {
    what: `${field} is required, a text`,
    next: `Call ${tool} again with ${field}; nothing was sent.`,
    fields: [{ path: field, problem: 'is required', expected: 'string' }],
  });
}
