import type { Style, Terminal } from './terminal.ts';

/** Text, or text with its colour; the colour goes on last, so that text from outside cannot bring its own. */
export type TableCell = string | readonly [style: Style, text: string];

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Prints rows for a person. cli-table3 knows how wide wide characters are; it is loaded only when there is a table. */
export async function printTable(terminal: Terminal, head: readonly string[], rows: readonly (readonly TableCell[])[]): Promise<void> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: head.map((name) => terminal.paint('bold', name)),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map((cell) => (typeof cell === 'string' ? plain(cell) : terminal.paint(cell[0], plain(cell[1]))))));
  for (const line of table.toString().split('\n')) terminal.print(line.trimEnd());
}

/** Text from outside must not move the cursor. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

/** `1 call`, `2 calls`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
