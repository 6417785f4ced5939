import { checkedArguments } from '../arguments.ts';
import { DETAIL, fullName, OPERATION } from '../fields.ts';
import { READS } from '../hints.ts';
import { answered, outputSchema } from '../results.ts';
import type { OperationFacts, Services } from '../services.ts';
import type { Tool, ToolResult } from '../tool.ts';

/** Everything that a call of one operation has to know, as a table of fields or as its schemas. */
export function describeOperation(services: Services): Tool {
  const inputSchema = {
    type: 'object',
    properties: { operation: OPERATION, detail: { ...DETAIL, description: 'detailed: the full JSON Schemas' } },
    required: ['operation'],
    additionalProperties: false,
  };
  return {
    name: 'describe_operation',
    title: 'Describe an operation',
    description: 'Input fields, an example and the pitfalls of one operation. Read it before the first call of an operation.',
    inputSchema,
    outputSchema: outputSchema({
      operation: { type: 'string' },
      effect: { type: 'string' },
      fields: { type: 'array', items: { type: 'object' } },
      example: { type: 'object' },
    }),
    annotations: { ...READS, openWorldHint: false },
    call: async (raw) => {
      const { operation, detail } = checkedArguments('describe_operation', inputSchema, raw);
      return show(await services.describe(fullName(services, String(operation))), detail === 'detailed');
    },
  };
}

function show({ input, output, ...facts }: OperationFacts, isWhole: boolean): ToolResult {
  const { operation, effect, summary, fields, example, pitfalls } = facts;
  const rows = fields.map(({ path, type, required, description }) => `${path}${required ? ' (required)' : ''}: ${type}. ${description}`);
  return answered(
    [
      `${operation} (${effect}) ${summary}`,
      ...(isWhole ? [`input: ${JSON.stringify(input)}`, `output: ${JSON.stringify(output)}`] : rows),
      `example: ${JSON.stringify(example)}`,
      ...pitfalls.map((pitfall) => `pitfall: ${pitfall}`),
    ],
    { ...facts, ...(isWhole ? { input, output } : {}) },
  );
}
