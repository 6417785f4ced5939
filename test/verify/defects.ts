import { TRANSFORMS } from '../../src/binding/transforms.ts';
import type { Binding, Cell, ToolCell } from '../../src/contract/binding.ts';

/** One thing that somebody could get wrong in one cell of a binding. */
export interface Defect {
  readonly kind: string;
  readonly backend: string;
  readonly operation: string;
  /** The field or word that it is about. */
  readonly about: string;
  readonly cell: Cell;
  /** An argument that is sent a hundred times as large. */
  readonly hundredfold?: string;
}

type Wrong = Omit<Defect, 'backend' | 'operation'>;

/** Every way to get a tool cell wrong, field by field, out of the cell itself: nobody chooses the defects that are easy to find. */
const MAKERS: Readonly<
  Record<string, (cell: ToolCell, others: readonly ToolCell[], elsewhere: readonly string[]) => readonly Omit<Wrong, 'kind'>[]>
> = {
  'a field is renamed wrongly': (cell) =>
    cell.accepts.map((name) => ({ about: name, cell: { ...cell, rename: { ...cell.rename, [name]: `${cell.rename?.[name] ?? name}_` } } })),
  'a rename is forgotten': (cell) =>
    Object.keys(cell.rename ?? {}).map((name) => ({ about: name, cell: { ...cell, rename: without(cell.rename, name) } })),
  'two fields are exchanged': (cell) =>
    cell.accepts.slice(1).flatMap((name, at) => {
      const other = cell.accepts[at] ?? '';
      const theirs = (one: string): string => cell.rename?.[one] ?? one;
      return [
        { about: `${other} and ${name}`, cell: { ...cell, rename: { ...cell.rename, [name]: theirs(other), [other]: theirs(name) } } },
      ];
    }),
  'an enum word is another one': (cell) =>
    Object.entries(cell.values ?? {}).flatMap(([field, words]) => {
      const list = Object.values(words);
      return Object.keys(words).flatMap((word, at) => {
        const wrong = list[(at + 1) % list.length];
        return list.length < 2
          ? []
          : [{ about: `${field} ${word}`, cell: { ...cell, values: { ...cell.values, [field]: { ...words, [word]: wrong } } } }];
      });
    }),
  'an enum map is forgotten': (cell) =>
    Object.entries(cell.values ?? {}).flatMap(([field, words]) =>
      Object.entries(words).every(([ours, theirs]) => ours === theirs)
        ? []
        : [{ about: field, cell: { ...cell, values: without(cell.values, field) } }],
    ),
  'a transform is forgotten': (cell) =>
    Object.keys(cell.transform ?? {}).map((name) => ({ about: name, cell: { ...cell, transform: without(cell.transform, name) } })),
  'a transform is another one': (cell) =>
    Object.entries(cell.transform ?? {}).map(([name, used]) => ({
      about: name,
      cell: { ...cell, transform: { ...cell.transform, [name]: Object.keys(TRANSFORMS).find((one) => one !== used) ?? used } },
    })),
  'the tool is another one': (cell, others) => {
    const other = others.find(({ tool }) => tool !== cell.tool);
    return other ? [{ about: other.tool, cell: { ...cell, tool: other.tool } }] : [];
  },
  'the tool does not exist': (cell) => [{ about: cell.tool, cell: { ...cell, tool: `${cell.tool}_V2` } }],
  'a constant is wrong': (cell) =>
    Object.keys(cell.constants ?? {}).map((name) => ({
      about: name,
      cell: { ...cell, constants: { ...cell.constants, [name]: 'meeting' } },
    })),
  'a constant is forgotten': (cell) =>
    Object.keys(cell.constants ?? {}).map((name) => ({ about: name, cell: { ...cell, constants: without(cell.constants, name) } })),
  'a list of one is forgotten': (cell) =>
    (cell.list ?? []).map((name) => ({ about: name, cell: { ...cell, list: cell.list?.filter((one) => one !== name) ?? [] } })),
  'a field that the tool does not have is accepted': (cell, _, elsewhere) =>
    elsewhere
      .filter((name) => !cell.accepts.includes(name))
      .map((name) => ({ about: name, cell: { ...cell, accepts: [...cell.accepts, name] } })),
  'an accepted field is dropped': (cell) =>
    cell.accepts.map((name) => ({ about: name, cell: { ...cell, accepts: cell.accepts.filter((one) => one !== name) } })),
  'the unit is wrong': (cell) =>
    cell.accepts
      .filter((name) => ['value', 'duration', 'confidence'].includes(name))
      .map((name) => ({ about: name, cell, hundredfold: cell.rename?.[name] ?? name })),
  'it is said to be impossible': (cell) => [{ about: cell.tool, cell: { transport: 'none', why: 'seeded' } }],
};

/**
 * Defects after which calls still come to the same: the proxy of the connection carries what the tool is not given. They cost a detour
 * and no result, and verify does not count them; `drift` holds the fields of tools against bindings.
 */
export const DETOURS: ReadonlySet<string> = new Set(['an accepted field is dropped']);

/** All defects of the backends' bindings, in a fixed order. A spelling that the sandbox's door is known to understand too is none. */
export function defectsOf(bindings: readonly Binding[]): readonly Defect[] {
  return bindings.flatMap(({ backend, cells, inbound }) => {
    const tools = Object.values(cells).filter((cell) => cell.transport === 'tool');
    return Object.entries(cells).flatMap(([operation, cell]) => {
      if (cell.transport !== 'tool') return [];
      const elsewhere = bindings.flatMap((one) => acceptedBy(one.cells[operation]));
      return Object.entries(MAKERS).flatMap(([kind, make]) => {
        if (kind === 'an enum map is forgotten' && inbound[operation]) return [];
        return make(cell, tools, [...new Set(elsewhere)]).map((wrong) => ({ kind, backend, operation, ...wrong }));
      });
    });
  });
}

function acceptedBy(cell: Cell | undefined): readonly string[] {
  return cell?.transport === 'tool' ? cell.accepts : [];
}

/** Every `step`-th of each kind: all kinds and all backends are there. */
export function sample(defects: readonly Defect[], perKind: number): readonly Defect[] {
  const kinds = Map.groupBy(defects, ({ kind }) => kind);
  return [...kinds.values()].flatMap((of) => {
    const step = Math.max(1, of.length / perKind);
    return Array.from({ length: Math.min(perKind, of.length) }, (_, at) => of[Math.floor(at * step)]).filter((one) => one !== undefined);
  });
}

function without<Value>(map: Readonly<Record<string, Value>> | undefined, name: string): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => key !== name));
}
