import type { BackendDrift, DriftFinding, DriftProposal, DriftReport } from '../contract/drift.ts';
import { counted, printTable, type TableCell } from './table.ts';
import type { Style, Terminal } from './terminal.ts';

/** What differs, as a person reads it: first what is broken. `all`: also what harms nobody. */
export async function showDrift(terminal: Terminal, { backends }: DriftReport, { all }: { readonly all: boolean }): Promise<void> {
  for (const one of backends) {
    const [style, text] = STATES[one.state];
    terminal.print(`${terminal.paint('bold', one.backend)}  ${terminal.paint(style, text)}  ${detailOf(one)}`);
    const shown = one.findings.filter(({ breaks }) => all || breaks.length > 0 || one.findings.length <= FEW);
    const sorted = shown.toSorted((a, b) => Number(b.breaks.length > 0) - Number(a.breaks.length > 0));
    if (sorted.length > 0) await printTable(terminal, ['', 'what', 'tool', 'field', 'change', 'breaks'], sorted.map(rowOf));
    const hidden = one.findings.length - shown.length;
    if (hidden > 0) terminal.say(terminal.tint('dim', `${counted(hidden, 'further difference')} without harm; --all shows everything`));
    for (const proposal of one.proposals) terminal.print(`  ${proposalLine(terminal, proposal)}`);
    terminal.print('');
  }
}

/** So many differences are shown whatever they mean. */
const FEW = 10;

const STATES: Readonly<Record<BackendDrift['state'], readonly [Style, string]>> = {
  same: ['green', 'the same'],
  changed: ['yellow', 'changed, nothing is broken'],
  broken: ['red', 'BROKEN'],
  nothing_to_list: ['dim', 'nothing to list'],
  unreachable: ['red', 'could not be asked'],
};

function detailOf({ state, listed = 0, bound, asked, broken, error, note }: BackendDrift): string {
  if (error) return `${error.code}: ${error.message}`;
  if (state === 'nothing_to_list') return note ?? '';
  const release = asked === undefined ? '' : ` at ${asked}`;
  const harm = broken.length > 0 ? `, ${counted(broken.length, 'operation')} broken` : '';
  return `${counted(listed, 'tool')} listed${release}, ${bound} bound${harm}`;
}

function rowOf({ kind, tool = 'all', field = '', was, now, confidence, breaks, note }: DriftFinding): readonly TableCell[] {
  const sure = confidence === undefined ? undefined : `${Math.round(confidence * 100)} % sure`;
  const change = [was, now].filter((one) => one !== undefined).join(' → ');
  const told = [change === '' ? undefined : was === undefined ? `→ ${change}` : change, sure, note].filter((one) => one !== undefined);
  const mark: TableCell = breaks.length > 0 ? ['red', '✗'] : ['dim', '·'];
  return [mark, kind.replace('_', ' '), tool, field, shortened(told.join('; ')), breaks.join(', ')];
}

function proposalLine(terminal: Terminal, { operation, cell, confidence, because, optional }: DriftProposal): string {
  const way = 'tool' in cell ? shortened(cell.tool) : 'proxy' in cell ? 'proxy' : 'none';
  const word = optional ? terminal.paint('dim', 'could use') : terminal.paint('cyan', 'propose');
  return `${word}  ${operation}: ${way}, ${Math.round(confidence * 100)} % sure (${shortened(because.join('; '))})`;
}

const LONGEST = 160;

function shortened(text: string): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
