/** Actions as Membrane could have them tomorrow: neither their schemas nor their history are published, so these sets are invented. */
import type { Binding, Cell, ToolCell } from '../../src/contract/binding.ts';

/** The binding under which the actions of a set are played: `renamed`, `changed`, or as published. */
export function withToolSet(binding: Binding, set: string | undefined): Binding {
  const change = set === 'renamed' ? renamed : set === 'changed' ? changed : undefined;
  if (!change) return binding;
  const cells = Object.entries(binding.cells).map(([id, cell]): readonly [string, Cell] => [
    id,
    cell.transport === 'tool' ? change(cell) : cell,
  ]);
  return { ...binding, cells: Object.fromEntries(cells) };
}

/** `get-lead` is `lead-get`, and takes a `leadId`. */
function renamed(cell: ToolCell): ToolCell {
  const [verb = '', ...noun] = cell.tool.split('-');
  const rename = Object.entries(cell.rename ?? {}).map(([ours, theirs]) => [ours, theirs === 'id' ? `${noun.join('')}Id` : theirs]);
  return { ...cell, tool: [...noun, verb].join('-'), ...(cell.rename ? { rename: Object.fromEntries(rename) } : {}) };
}

/** One action is gone, one has lost an argument, one wants another type, and one wants an argument that it could do without. */
function changed(cell: ToolCell): Cell {
  switch (cell.tool) {
    case 'create-lead':
      return { transport: 'proxy' };
    case 'update-lead':
      return { ...cell, accepts: cell.accepts.filter((field) => field !== 'url') };
    case 'create-contact':
      return { ...cell, json: ['emails'] };
    case 'create-task':
      return { ...cell, needs: ['assigned_to'] };
    default:
      return cell;
  }
}
