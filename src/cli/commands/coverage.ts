import { coverageOf } from '../../operations.ts';
import type { Context } from '../context.ts';
import { printTable } from '../table.ts';

type Operations = Awaited<ReturnType<typeof coverageOf>>['operations'];

/** `coverage`: operations × backends × transport. */
export async function coverage(
  { terminal, app }: Context,
  _: readonly string[],
  { markdown }: Readonly<Record<string, unknown>>,
): Promise<void> {
  const report = await coverageOf(app);
  if (terminal.json) return terminal.result(report);
  const [first] = report.operations;
  const backends = Object.keys(first?.backends ?? {});
  const rows = report.operations.map((operation) => [operation.id, ...backends.map((backend) => cell(operation, backend))]);
  if (markdown) return terminal.print(markdownTable(['operation', ...backends], rows));
  await printTable(terminal, ['operation', ...backends], rows);
  terminal.say(terminal.tint('dim', `${rows.length} operations on ${backends.join(', ')}`));
}

function cell({ backends }: Operations[number], backend: string): string {
  const { transport, tool } = backends[backend] ?? { transport: 'none' };
  return tool ?? transport;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
