import type { Binding, Cell } from '../contract/binding.ts';

const BEGIN = '<!-- operations: written by npm run generate -->';
const END = '<!-- /operations -->';

/** The README with its table of operations and backends as the bindings say it today. */
export function withOperations(readme: string, ids: readonly string[], bindings: readonly Binding[]): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('the README has lost the marks of its table of operations');
  return `${before}${BEGIN}\n\n${table(ids, bindings)}\n\n${END}${after}`;
}

function table(ids: readonly string[], bindings: readonly Binding[]): string {
  const verbs = Map.groupBy(ids, (id) => id.split('.')[0] ?? id);
  const head = ['noun', 'verbs', ...bindings.map(({ backend }) => backend)];
  const rows = [...verbs].map(([noun, own]) => [
    noun,
    own.map((id) => id.slice(noun.length + 1)).join(', '),
    ...bindings.map(({ cells }) => summary(own, cells)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** `tool`, `proxy`, or how many of a noun's operations have a tool. */
function summary(ids: readonly string[], cells: Readonly<Record<string, Cell>>): string {
  const kinds = ids.map((id) => cells[id]?.transport ?? 'none');
  const [first] = kinds;
  if (first !== undefined && kinds.every((kind) => kind === first)) return first;
  const counts = [...Map.groupBy(kinds, (kind) => kind)].map(([kind, some]) => `${some.length} ${kind}`);
  return counts.toSorted().toReversed().join(', ');
}
