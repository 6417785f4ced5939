/** How skills that were written from memory call a backend's tools: with the app's own field names, and without what only the tool wants. */
import { type App, isIntent } from '../contract/app.ts';
import type { Binding, Cell, ToolCell } from '../contract/binding.ts';
import type { Operation } from '../contract/operation.ts';
import type { ToolSignature } from './arguments.ts';
import { kindsOf } from './kinds.ts';

/** The operations that a published name stands for, what it plainly means first. */
export function operationsUnder({ cells, inbound }: Binding, tool: string): readonly string[] {
  const plain = Object.entries(cells).flatMap(([operation, cell]) => (cell.transport === 'tool' && cell.tool === tool ? [operation] : []));
  const told = Object.entries(inbound).flatMap(([operation, spelled]) => (spelled.some((cell) => cell.tool === tool) ? [operation] : []));
  return [...new Set([...plain, ...told])];
}

/** The binding with every field of an operation understood by the app's own name, beside the tool's. */
export async function lenient(app: App, binding: Binding): Promise<Binding> {
  const cells = await Promise.all(
    Object.entries(binding.cells).map(async ([id, cell]): Promise<readonly [string, Cell]> => {
      const operation = cell.transport === 'tool' ? await app.find(id) : undefined;
      return [id, cell.transport === 'tool' && operation && !isIntent(operation) ? widened(cell, operation) : cell];
    }),
  );
  return { ...binding, cells: Object.fromEntries(cells) };
}

function widened(cell: ToolCell, operation: Operation): ToolCell {
  const theirs = [...cell.accepts.map((field) => cell.rename?.[field] ?? field), ...Object.keys(cell.constants ?? {})];
  const own = Object.keys(kindsOf(operation)).filter((field) => !theirs.includes(field));
  return { ...cell, also: { ...Object.fromEntries(own.map((field) => [field, field])), ...cell.also } };
}

/** The tool without those required arguments that the operation can do without: another route then carries the call. */
export function withoutNeeds(tool: ToolSignature, binding: Binding, operations: readonly Operation[]): ToolSignature {
  const isNeeded = (argument: string): boolean =>
    operations.every((operation) => {
      const cell = binding.cells[operation.id];
      if (cell?.transport !== 'tool' || Object.hasOwn(cell.constants ?? {}, argument)) return true;
      const field = Object.entries(cell.rename ?? {}).find(([, theirs]) => theirs === argument)?.[0] ?? argument;
      return kindsOf(operation)[field]?.required ?? true;
    });
  return { ...tool, required: tool.required.filter(isNeeded) };
}
