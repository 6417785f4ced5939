import type { SkillBench } from '../app.ts';
import type { Terminal } from './terminal.ts';

type Finding = Awaited<ReturnType<SkillBench['check']>>['diagnostics'][number];

const STYLES = { error: 'red', warning: 'yellow', note: 'dim' } as const;

/** `file:line  level  what. fix` */
export function printFinding(terminal: Terminal, { file, line, level, what, fix }: Finding): void {
  terminal.print(printable(`  ${file}:${line}  `) + terminal.paint(STYLES[level], level) + printable(`  ${what}. ${fix}`));
}

/** Text of a skill must not move the cursor, and names of files may hold anything. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, '?');
}
