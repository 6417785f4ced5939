/** The tool sets that were seen, and renamings of them, held against each other: what is mapped, and how often it is wrong. */
import { BACKENDS } from '../../adapters/index.ts';
import { TOOL_SETS } from '../../adapters/scalekit/close-tools-newer.ts';
import type { ToolSignature } from '../../src/binding/arguments.ts';
import { readBinding } from '../../src/binding/entries.ts';
import { operationsOf } from '../../src/binding/serve.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { LiveTool } from '../../src/contract/adapter.ts';
import type { Binding, Cell } from '../../src/contract/binding.ts';
import type { DriftProposal } from '../../src/contract/drift.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { type Compared, compare } from '../../src/drift/compare.ts';
import { boundShapes, type ToolShape } from '../../src/drift/shape.ts';

export type Name = 'composio' | 'membrane' | 'scalekit';
export const NAMES: readonly Name[] = ['composio', 'membrane', 'scalekit'];

export interface Known {
  readonly binding: Binding;
  readonly operations: readonly Operation[];
  readonly published: readonly ToolSignature[];
  /** Its tools as it lists them today. */
  readonly tools: readonly LiveTool[];
}

export async function known(name: Name): Promise<Known> {
  const [[binding], published, operations] = await Promise.all([BACKENDS[name].bindings(), BACKENDS[name].tools(), operationsOf(closeApp)]);
  if (!binding) throw new Error(`${name} has no binding`);
  const shapes = [...boundShapes(binding, operations).values()].map(fromShape);
  return { binding, operations, published, tools: published.length > 0 ? published.map(fromSignature) : shapes };
}

export function compared({ binding, operations, published }: Known, tools: readonly LiveTool[], asked?: string): Compared {
  const listing = { tools, ...(asked === undefined ? {} : { asked }) };
  return compare({ binding, operations, published, listing, http: 'proxy' });
}

/** The binding with what was proposed, as the build would read it. Throws when it would not. */
export function applied({ binding, operations }: Known, proposals: readonly DriftProposal[]): Binding {
  const raw = Object.fromEntries(proposals.map(({ operation, cell }) => [operation, cell]));
  const read = readBinding({ app: 'close', source: 'test', bindings: raw }, operations, Object.keys(binding.cells));
  if (!('binding' in read)) throw new Error(read.findings.map(({ message }) => message).join('; '));
  return { ...binding, cells: { ...binding.cells, ...read.binding.cells } };
}

export function fromSignature({ name, required, inputs }: ToolSignature): LiveTool {
  const input = { type: 'object', properties: inputs, required };
  return { name, description: '', input, deprecated: false, disabled: false };
}

function fromShape({ name, fields = {} }: ToolShape): LiveTool {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([field, { types, values }]) => [field, { type: types, ...(values ? { enum: values } : {}) }]),
  );
  const required = Object.entries(fields).flatMap(([field, one]) => (one.required ? [field] : []));
  return { name, description: '', input: { type: 'object', properties, required }, deprecated: false, disabled: false };
}

const VERBS: Readonly<Record<string, string>> = { create: 'add', get: 'retrieve', delete: 'remove', list: 'search', update: 'edit' };
const isUpper = (name: string): boolean => name === name.toUpperCase();
const partsOf = (name: string): readonly string[] => name.toLowerCase().split(/[_-]/);
const joined = (name: string, parts: readonly string[]): string => {
  const text = parts.join(name.includes('-') ? '-' : '_');
  return isUpper(name) ? text.toUpperCase() : text;
};

/** How vendors rename all their tools at once. */
export const SCHEMES: Readonly<Record<string, (name: string) => string>> = {
  'verb and noun change places': (name) => {
    const [app, ...rest] = partsOf(name)[0] === 'close' ? partsOf(name) : ['', ...partsOf(name)];
    const verb = rest.find((part) => VERBS[part] !== undefined) ?? '';
    const others = rest.filter((part) => part !== verb);
    const swapped = rest[0] === verb ? [...others, verb] : [verb, ...others];
    return joined(name, [app ?? '', ...swapped].filter(Boolean));
  },
  'a word is put in': (name) =>
    joined(
      name,
      partsOf(name).flatMap((part, at) => (at === 0 ? [part, 'crm'] : [part])),
    ),
  'camel case': (name) => partsOf(name).reduce((before, part) => before + part.charAt(0).toUpperCase() + part.slice(1)),
  'other verbs': (name) =>
    joined(
      name,
      partsOf(name).map((part) => VERBS[part] ?? part),
    ),
};

export interface Score {
  readonly of: number;
  readonly right: number;
  readonly wrong: number;
  readonly found: readonly string[];
}

/** The tools of a backend under other names; with `half` every second one is gone for good. */
export async function renaming(
  name: Name,
  scheme: (name: string) => string,
  half = false,
): Promise<Score & { readonly leftBroken: readonly string[] }> {
  const before = await known(name);
  const left = before.tools.filter((_, at) => !half || at % 2 === 0);
  const tools = left.map((tool) => ({ ...tool, name: scheme(tool.name) }));
  const { findings, proposals } = compared(before, tools);
  const changed = left.filter((tool) => scheme(tool.name) !== tool.name);
  const pairs = findings.flatMap(({ kind, tool = '', now = '' }) => (kind === 'renamed' ? [{ tool, now }] : []));
  const wrong = pairs.filter(({ tool, now }) => scheme(tool) !== now);
  const missed = findings.flatMap(({ kind, tool = '' }) => (kind === 'removed' && left.some((one) => one.name === tool) ? [tool] : []));
  const after = compared({ ...before, binding: applied(before, proposals) }, tools);
  return {
    of: changed.length,
    right: pairs.length - wrong.length,
    wrong: wrong.length,
    found: [...wrong.map(({ tool, now }) => `${tool} is not ${now}`), ...missed.map((tool) => `${tool} was not found again`)],
    leftBroken: after.broken,
  };
}

/** Every argument of a backend in camel case, all at once. `right`: those that a proposal sends under the new name. */
export async function argumentsRenamed(name: Name): Promise<Score & { readonly leftBroken: readonly string[] }> {
  const before = await known(name);
  const camel = (field: string): string => field.replaceAll(/_+([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const tools = before.tools.map((tool): LiveTool => {
    const { properties = {}, required = [] } = tool.input as { properties?: object; required?: readonly string[] };
    const renamed = Object.fromEntries(Object.entries(properties).map(([field, schema]) => [camel(field), schema]));
    return { ...tool, input: { type: 'object', properties: renamed, required: required.map(camel) } };
  });
  const { findings, proposals } = compared(before, tools);
  const pairs = findings.flatMap(({ kind, field = '', now = '' }) => (kind === 'renamed_field' ? [{ field, now }] : []));
  const lost = findings.flatMap(({ kind, field = '' }) => (kind === 'removed_field' ? [field] : []));
  const wrong = pairs.filter(({ field, now }) => camel(field) !== now);
  const after = compared({ ...before, binding: applied(before, proposals) }, tools);
  return {
    of: pairs.length + lost.length,
    right: pairs.length - wrong.length,
    wrong: wrong.length,
    found: [...wrong.map(({ field, now }) => `${field} is not ${now}`), ...lost.map((field) => `${field} was not found again`)],
    leftBroken: after.broken,
  };
}

/** A release of Composio behind or ahead of the binding. */
export async function composioAt(tools: '6' | '14'): Promise<Compared> {
  const { TOOL_SETS: sets } = await import('../../adapters/composio/close-tools.ts');
  return compared(
    await known('composio'),
    sets[tools].tools.map(({ slug, ...tool }) => fromSignature({ ...tool, name: slug })),
  );
}

/** As it was with six tools: what a binding of that time would be told of the 14, against what was written by hand later. */
export async function composioGrows(): Promise<Score> {
  const { TOOL_SETS: sets } = await import('../../adapters/composio/close-tools.ts');
  const now = await known('composio');
  const older = new Set(sets['6'].tools.map(({ slug }) => slug));
  const isOld = (cell: Cell): boolean => cell.transport !== 'tool' || older.has(cell.tool);
  const cells = Object.entries(now.binding.cells).map(([id, cell]): readonly [string, Cell] => [
    id,
    isOld(cell) ? cell : { transport: 'proxy' },
  ]);
  const then: Known = {
    ...now,
    binding: { ...now.binding, cells: Object.fromEntries(cells) },
    published: now.published.filter(({ name }) => older.has(name)),
  };
  const { proposals } = compared(then, now.tools);
  applied(then, proposals);
  return scored(now.tools.length - older.size, proposals, (operation) => {
    const cell = now.binding.cells[operation];
    return cell?.transport === 'tool' ? cell.tool : undefined;
  });
}

/** What the 22 newer tools of Scalekit mean, read by hand; four have no operation of their own, or one with other arguments. */
const NEWER: Readonly<Record<string, string>> = {
  'bulk_delete.create': 'close_bulk_delete_create',
  'bulk_edit.create': 'close_bulk_edit_create',
  'comment_thread.list': 'close_comment_threads_list',
  'custom_activity.list': 'close_custom_activities_list',
  'custom_object_type.list': 'close_custom_object_types_list',
  'custom_object.list': 'close_custom_objects_list',
  'event.list': 'close_events_list',
  'export.lead_create': 'close_export_lead_create',
  'lead_status.list': 'close_lead_statuses_list',
  'opportunity_status.list': 'close_opportunity_statuses_list',
  'report.activity': 'close_report_activity_get',
  'sequence.create': 'close_sequence_create',
  'sequence.delete': 'close_sequence_delete',
  'sequence.update': 'close_sequence_update',
  'sequence_subscription.delete': 'close_sequence_subscription_delete',
  'smart_view.create': 'close_smart_view_create',
  'smart_view.delete': 'close_smart_view_delete',
  'smart_view.get': 'close_smart_view_get',
  'smart_view.list': 'close_smart_views_list',
  'smart_view.update': 'close_smart_view_update',
  'task.bulk_update': 'close_tasks_bulk_update',
};

export async function scalekitGrows(): Promise<Score & { readonly broken: readonly string[] }> {
  const now = await known('scalekit');
  const { proposals, broken } = compared(now, TOOL_SETS['103'].map(fromSignature));
  applied(now, proposals);
  return { ...scored(TOOL_SETS['103'].length - TOOL_SETS['81'].length, proposals, (operation) => NEWER[operation]), broken };
}

function scored(of: number, proposals: readonly DriftProposal[], truth: (operation: string) => string | undefined): Score {
  const told = proposals
    .filter(({ optional }) => optional)
    .map(({ operation, cell }) => ({ operation, tool: 'tool' in cell ? cell.tool : '' }));
  const wrong = told.filter(({ operation, tool }) => truth(operation) !== tool);
  return {
    of,
    right: told.length - wrong.length,
    wrong: wrong.length,
    found: wrong.map(({ operation, tool }) => `${tool} is not ${operation}`),
  };
}
