import { readArguments, type ToolRequest, withoutNulls } from '../../src/binding/arguments.ts';
import { operationsUnder } from '../../src/binding/lenient.ts';
import type { FieldProblem } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { PublishedTool } from './close-tools.ts';
import { CODE, type Desk, Refusal } from './door-desk.ts';

export interface ToolCallRead extends ToolRequest {
  /** The currency that the amount is meant in. Close has no such field: the organization has one currency. */
  readonly currency?: string;
}

/** A tool that is listed and that nothing of ours is bound to cannot be played. */
export function findTool({ tools, binding }: Desk, name: string): PublishedTool {
  const found = tools.find((tool) => tool.name === name);
  if (!found) throw new Refusal(CODE.notFound, `tool ${name.slice(0, 100)} not found`);
  if (operationsUnder(binding, name).length === 0) throw new Refusal(CODE.unimplemented, `tool ${name} is not played here`);
  return found;
}

/** Reads a tool's parameters as a canonical call. Throws the refusal that names everything that is wrong. */
export function readToolCall({ binding }: Desk, tool: PublishedTool, params: JsonObject): ToolCallRead {
  const { value_currency: currency, ...rest } = withoutNulls(params);
  const published = Object.hasOwn(tool.inputs, 'value_currency');
  const args = withSort(tool, withText(published ? rest : withoutNulls(params)));
  const read = readArguments(binding, tool, args, { limit: '_limit', skip: '_skip' });
  const wrong = published && currency !== undefined && (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency));
  const problems = [...('problems' in read ? read.problems : []), ...(wrong ? [NO_CURRENCY] : [])];
  if ('problems' in read || problems.length > 0) throw invalid(tool, problems);
  return { ...read.request, ...(published && typeof currency === 'string' ? { currency } : {}) };
}

const NO_CURRENCY: FieldProblem = { path: 'value_currency', problem: 'must be a code of three capitals' };

/** guess: lists and objects are taken where the page wants them as JSON text, because models send them so. */
function withText(args: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, Array.isArray(value) || isObject(value) ? JSON.stringify(value) : value]),
  );
}

/** Leads are sorted by their query in Close (`sort:-date_updated`), and by a parameter on the page. */
function withSort({ name }: PublishedTool, args: JsonObject): JsonObject {
  const { _order_by: order, query, ...rest } = args;
  if (name !== 'close_leads_list' || typeof order !== 'string' || !/^-?[a-z_]+$/.test(order)) return args;
  return { ...rest, query: [query, `sort:${order}`].filter((part) => part !== undefined && part !== '').join(' ') };
}

export function invalid({ name }: PublishedTool, fields: readonly FieldProblem[]): Refusal {
  return new Refusal(CODE.invalid, `invalid params for ${name}: ${fields.map(({ path, problem }) => `${path}: ${problem}`).join('; ')}`, {
    fields,
  });
}
