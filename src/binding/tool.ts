import type { ToolCell } from '../contract/binding.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import { TRANSFORMS, type Transform } from './transforms.ts';
import { deep, fromWire, toWire } from './wire.ts';

/** Why a tool cannot carry an input. */
export interface Obstacle {
  readonly reason: 'unsupported_fields' | 'unsupported_value' | 'missing_for_tool';
  readonly fields: readonly string[];
}

/** undefined: the tool can carry this input whole. */
export function obstacle(cell: ToolCell, input: JsonObject): Obstacle | undefined {
  const given = Object.keys(input).filter((name) => input[name] !== undefined);
  const nested = (cell.excludes ?? []).filter((path) => holds(input, path.split('.')));
  const unsupported = [...given.filter((name) => !cell.accepts.includes(name)), ...nested];
  if (unsupported.length > 0) return { reason: 'unsupported_fields', fields: unsupported };
  const missing = (cell.needs ?? []).filter((name) => input[name] === undefined);
  if (missing.length > 0) return { reason: 'missing_for_tool', fields: missing };
  const foreign = given.filter((name) => isForeign(cell, name, input[name]));
  return foreign.length > 0 ? { reason: 'unsupported_value', fields: foreign } : undefined;
}

/** Canonical input as the tool's arguments. Only for an input without obstacle. */
export function toTool(cell: ToolCell, input: JsonObject): Record<string, unknown> {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return {
    ...cell.constants,
    ...Object.fromEntries(given.map(([name, value]) => [cell.rename?.[name] ?? name, encode(cell, name, value)])),
  };
}

/**
 * The tool's arguments as canonical input, legacy names understood. A name nobody knows is kept, and so is the second of two
 * names for one field, for validation to refuse.
 */
export function fromTool(cell: ToolCell, args: JsonObject): Record<string, unknown> {
  const renamed = Object.entries(cell.rename ?? {}).map(([name, theirs]) => [theirs, name] as const);
  const ours = new Map([...Object.entries(cell.also ?? {}), ...renamed]);
  const named = Object.entries(fromWire(args))
    .filter(([theirs, value]) => value !== undefined && !Object.hasOwn(cell.constants ?? {}, theirs))
    .map(([theirs, value]) => ({ theirs, name: ours.get(theirs) ?? theirs, value }))
    .toSorted((a, b) => Number(a.theirs !== a.name) - Number(b.theirs !== b.name));
  const input = new Map<string, unknown>();
  for (const { theirs, name, value } of named) input.set(input.has(name) ? theirs : name, decode(cell, name, value));
  return Object.fromEntries(input);
}

/** Whether these arguments are meant for this cell, when several operations share one tool. */
export function isMeant(cell: ToolCell, args: JsonObject): boolean {
  const constants = Object.entries(cell.constants ?? {});
  if (!constants.every(([name, value]) => args[name] === value)) return false;
  return cell.doorOnly === undefined || cell.doorOnly.some((name) => args[name] !== undefined);
}

function encode(cell: ToolCell, name: string, value: unknown): unknown {
  const turned = transformOf(cell, name)?.encode(value) ?? value;
  const mapped = cell.values?.[name] ? cell.values[name][String(turned)] : turned;
  const listed = cell.list?.includes(name) && !Array.isArray(mapped) ? [mapped] : mapped;
  // Tools hand what is inside a field to the app as it is, so custom fields in there travel as the app spells them.
  const wired = name.startsWith('custom') ? listed : deep(listed, toWire);
  return cell.json?.includes(name) && isStructure(wired) ? JSON.stringify(wired) : wired;
}

function decode(cell: ToolCell, name: string, value: unknown): unknown {
  const parsed = cell.json?.includes(name) && typeof value === 'string' ? deep(parseJson(value), fromWire) : value;
  const single = cell.list?.includes(name) && Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed;
  const found = Object.entries(cell.values?.[name] ?? {}).find(([, theirs]) => theirs === single)?.[0];
  const ours = found === undefined ? single : (BOOLEANS.get(found) ?? found);
  return transformOf(cell, name)?.decode(ours) ?? ours;
}

function transformOf(cell: ToolCell, name: string): Transform | undefined {
  return TRANSFORMS[cell.transform?.[name] ?? ''];
}

/** The names of a value map are text; no field holds the words themselves. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function isForeign(cell: ToolCell, name: string, value: unknown): boolean {
  // No tool publishes that null clears a field: it would refuse it or, worse, leave the field as it is.
  if (value === null || (Array.isArray(value) && cell.single?.includes(name))) return true;
  const transform = transformOf(cell, name);
  if (transform && transform.encode(value) === undefined) return true;
  const values = cell.values?.[name];
  if (values === undefined) return false;
  return (typeof value !== 'string' && typeof value !== 'boolean') || !Object.hasOwn(values, String(value));
}

function holds(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return value !== undefined;
  if (Array.isArray(value)) return value.some((item) => holds(item, path));
  return isObject(value) && holds(value[name], rest);
}

function isStructure(value: unknown): value is JsonObject | readonly unknown[] {
  return isObject(value) || Array.isArray(value);
}

/** Text that is no JSON stays text: validation then names the field. */
function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isStructure(value) ? value : text;
  } catch {
    return text;
  }
}
