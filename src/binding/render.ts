import type { Binding, Cell } from '../contract/binding.ts';

/** A compiled binding as the text of a module: nothing is parsed when the installed package starts. */
export function render(binding: Binding): string {
  const plain = [
    ...new Set(
      Object.values(binding.cells)
        .filter(isPlain)
        .map(({ transport }) => transport),
    ),
  ].toSorted();
  return [
    `// Generated from close.yaml by "npm run generate"; change that file.`,
    `import type { Binding${plain.length > 0 ? ', Cell' : ''} } from '../../src/contract/binding.ts';`,
    '',
    ...plain.map((transport) => `const ${transport}: Cell = { transport: '${transport}' };`),
    ...(plain.length > 0 ? [''] : []),
    `export const ${binding.app}Binding: Binding = {`,
    `  backend: ${JSON.stringify(binding.backend)},`,
    `  app: ${JSON.stringify(binding.app)},`,
    `  source: ${JSON.stringify(binding.source)},`,
    ...entries('cells', binding.cells, (cell) => (isPlain(cell) ? cell.transport : JSON.stringify(cell))),
    ...entries('inbound', binding.inbound, (cells) => JSON.stringify(cells)),
    '};',
    '',
  ].join('\n');
}

function isPlain(cell: Cell): boolean {
  return Object.keys(cell).length === 1;
}

function entries<T>(key: string, record: Readonly<Record<string, T>>, write: (value: T) => string): readonly string[] {
  const lines = Object.entries(record).map(([id, value]) => `    ${JSON.stringify(id)}: ${write(value)},`);
  return lines.length === 0 ? [`  ${key}: {},`] : [`  ${key}: {`, ...lines, '  },'];
}
