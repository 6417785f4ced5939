import { isObject, type JsonObject } from '../../contract/guards.ts';
import type { ToolSpec } from '../../toolsets/spec.ts';
import { checkedArguments } from '../arguments.ts';
import { WISHES, wishesOf } from '../fields.ts';
import { perform } from '../perform.ts';
import type { Services } from '../services.ts';
import type { Tool } from '../tool.ts';
import { runOutput } from './run-operation.ts';

/** The one argument that is not the operation's; no operation has a field of that name. */
const HOW = 'call_options';

const HOW_SCHEMA = {
  type: 'object',
  description: 'How the call is made; rarely needed',
  properties: Object.fromEntries(Object.entries(WISHES).map(([name, { description: _, ...schema }]) => [name, schema])),
  additionalProperties: false,
} as const;

/** One operation as a tool of its own, with the results and errors that every run has. */
export function operationTool(services: Services, spec: ToolSpec): Tool {
  const { name, operation, title, description, annotations } = spec;
  return {
    name,
    title,
    description: `${description} Example: ${JSON.stringify(spec.examples[0] ?? {})}`,
    inputSchema: withHow(spec.inputSchema),
    outputSchema: runOutput(loose(spec.outputSchema)),
    annotations,
    call: async ({ [HOW]: how, ...input }, request) => {
      const wishes = checkedArguments(`${name} (${HOW})`, HOW_SCHEMA, isObject(how) ? how : {});
      return perform(services, { operation, input, wishes: wishesOf(wishes) }, request);
    },
  };
}

function withHow(schema: JsonObject): JsonObject {
  return { ...schema, properties: { ...(isObject(schema['properties']) ? schema['properties'] : {}), [HOW]: HOW_SCHEMA } };
}

/** Names and no types: a shortened result lacks fields, and the app may answer with more than is documented. */
function loose({ properties }: JsonObject): JsonObject {
  const names = isObject(properties) ? Object.keys(properties) : [];
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, {}])) };
}
