import type { Command } from 'commander';
import { environment } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import { fieldNames, operationNames } from '../../operations.ts';
import type { Context } from '../context.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Commands whose argument is an operation. */
const TAKES_OPERATION: readonly string[] = ['run', 'explain', 'show'];

/** `completion <shell>`: the script to source. @pnpm/tabtab knows the shells' dialects. */
export async function completion({ terminal }: Context, [shell = '']: readonly string[]): Promise<void> {
  const { default: tabtab } = await import('@pnpm/tabtab');
  terminal.print(await tabtab.getCompletionScript({ name: 'skillrouter', completer: 'skillrouter', shell: known(shell) }));
}

/** Answers the script: what may follow the words before the cursor. */
export async function completionServer({ terminal, app }: Context, words: readonly string[], program: Command): Promise<void> {
  const { default: tabtab } = await import('@pnpm/tabtab');
  const { SHELL, COMP_CWORD } = environment();
  const shell = known(SHELL ?? '');
  // fish leaves out the word under the cursor while it is empty, and counts it otherwise; it filters by itself.
  const before = shell === 'fish' ? words.slice(1) : words.slice(1, Number(COMP_CWORD ?? words.length));
  tabtab.log([...(await candidates(program, before, app))], shell, (line) => terminal.print(line));
}

async function candidates(program: Command, before: readonly string[], app: string): Promise<readonly string[]> {
  let command = program;
  const rest: string[] = [];
  for (const word of before) {
    const inner = rest.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (inner) command = inner;
    else if (!word.startsWith('-')) rest.push(word);
  }
  const names = command.commands.map((one) => one.name()).filter((name) => name !== 'completion-server');
  const flags = [...command.options, ...program.options].flatMap(({ long }) => long ?? []);
  if (!TAKES_OPERATION.includes(command.name()) || command.parent?.name() === 'log') return [...names, ...flags];
  const [operation] = rest;
  const chosen = operation !== undefined && operationNames(app).includes(operation);
  return chosen ? [...(await fieldNames(app, operation)).map((name) => `--${name}`), ...flags] : operationNames(app);
}

function known(name: string): Shell {
  const found = SHELLS.find((shell) => name === shell || name.endsWith(`/${shell}`));
  if (found) return found;
  throw new RouterError('invalid_input', { what: 'that shell is not known', next: `Take one of ${SHELLS.join(', ')}.` });
}
