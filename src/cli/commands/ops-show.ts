import { inputFields, showOperation } from '../../operations.ts';
import type { Context } from '../context.ts';
import { printTable } from '../table.ts';

/** `ops show <op>`: fields, example, pitfalls and bindings. */
export async function opsShow({ terminal, app }: Context, [name = '']: readonly string[]): Promise<void> {
  const page = await showOperation(app, name);
  if (terminal.json) return terminal.result(page);
  terminal.print(`${terminal.paint('bold', page.operation)}  ${terminal.paint('dim', page.effect)}`);
  terminal.print(`${page.summary}\n`);
  const fields = (await inputFields(page)).map(({ path, type, required, description }) => [
    `${path}${required ? ' *' : ''}`,
    type,
    description,
  ]);
  if (fields.length > 0) await printTable(terminal, ['field (* required)', 'type', 'about'], fields);
  terminal.print(`\nExample\n  skillrouter run ${page.id} --input ${quoted(JSON.stringify(page.example))}`);
  if (page.pitfalls.length > 0) terminal.print(`\nPitfalls\n${page.pitfalls.map((one) => `  ${one}`).join('\n')}`);
  const omissions = Object.entries(page.omissions ?? {}).map(([name, why]) => `  ${name}: ${why}`);
  if (omissions.length > 0) terminal.print(`\nLeft out on purpose\n${omissions.join('\n')}`);
  const bindings = Object.entries(page.bindings).map(([backend, cell]) => `  ${backend}: ${'tool' in cell ? cell.tool : cell.transport}`);
  if (bindings.length > 0) terminal.print(`\nBackends\n${bindings.join('\n')}`);
}

/** As a POSIX shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
