import type { Binding, ToolCell } from '../contract/binding.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { ToolInput, ToolSignature } from './arguments.ts';
import { toolSchema } from './schema.ts';

/**
 * The JSON Schema of a published tool's arguments: names, types and what is required as published, meanings and what is inside lists
 * from the catalogue, and the arguments of public skills that the tool does not have and doors understand.
 */
export function publishedSchema(tool: ToolSignature, binding: Binding, operations: readonly Operation[]): JsonObject {
  const known: JsonObject = Object.assign({}, ...operations.toReversed().flatMap((operation) => meanings(tool, binding, operation)));
  const understood = Object.entries(binding.inbound)
    .flatMap(([, cells]) => cells.filter((cell) => cell.tool === tool.name))
    .flatMap((cell) => cell.doorOnly ?? []);
  const published = Object.entries(tool.inputs).map(([name, input]) => [name, merged(input, known[name])] as const);
  const further = understood.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]] as const]));
  return {
    type: 'object',
    properties: Object.fromEntries([...published, ...further]),
    ...(tool.required.length > 0 ? { required: tool.required } : {}),
    additionalProperties: false,
  };
}

function meanings(tool: ToolSignature, binding: Binding, operation: Operation): readonly JsonObject[] {
  const cell = binding.cells[operation.id];
  const own: readonly ToolCell[] = cell?.transport === 'tool' ? [cell] : [];
  return [...(binding.inbound[operation.id] ?? []), ...own]
    .filter((one) => one.tool === tool.name)
    .map((one) => toolSchema(one, operation)['properties'])
    .filter(isObject);
}

/** What is published wins; the catalogue says what a list holds and what a text means. */
function merged(input: ToolInput, known: unknown): JsonObject {
  if (!isObject(known)) return { ...input };
  if (known['type'] === input.type) return { ...known, ...input };
  const { description } = known;
  return { ...input, ...(description === undefined ? {} : { description }) };
}
