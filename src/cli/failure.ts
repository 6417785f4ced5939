import { ERRORS, type ErrorJson, isRouterError, RouterError } from '../contract/errors.ts';
import { isObject, stringAt } from '../contract/guards.ts';
import type { Terminal } from './terminal.ts';

/** Tells why a command ended, on stdout for programs and on stderr for people, and sets the exit code. */
export function reportFailure(terminal: Terminal, error: unknown): void {
  const usage = usageExit(error, terminal.json);
  if (usage === 'done') return;
  const known = isRouterError(error) ? error : (usage ?? unforeseen(error));
  if (terminal.json)
    terminal.result({ ok: false, ...(known.details.operation ? { operation: known.details.operation } : {}), error: known.toJSON() });
  else sayError(terminal, known.toJSON());
  process.exitCode = known.exitCode;
}

/** An error as a person reads it. */
export function sayError(terminal: Terminal, { code, message, details }: ErrorJson): void {
  terminal.say(`${terminal.tint('red', `error ${code}`)}  ${message}`);
  for (const field of listAt(details, 'fields')) {
    const { path, problem } = { path: stringAt(field, 'path') ?? '', problem: stringAt(field, 'problem') ?? '' };
    if (!message.includes(problem)) terminal.say(`  ${terminal.tint('bold', path)}  ${problem}`);
  }
  for (const link of listAt(details, 'connect')) {
    terminal.say(
      `  ${terminal.tint('bold', stringAt(link, 'backend') ?? '')}  ${stringAt(link, 'url') ?? ''}  ${stringAt(link, 'how') ?? ''}`,
    );
  }
  const choices = listAt(details, 'choices').filter((choice) => typeof choice === 'string');
  const areConnections = code === 'ambiguous_account' || code === 'connection_required';
  if (areConnections && choices.length > 0) terminal.say(`  choose with --via: ${choices.join(', ')}`);
  else if (!choices.every((choice) => message.includes(choice))) terminal.say(`  choose one of: ${choices.join(', ')}`);
}

export function exitCodeOf({ code }: ErrorJson): number {
  return ERRORS[code].exit;
}

function listAt(details: Readonly<Record<string, unknown>>, key: string): readonly unknown[] {
  const found = details[key];
  return Array.isArray(found) ? found : [];
}

/** Commander ends `--help` and wrong usage with an error of its own. */
function usageExit(error: unknown, json: boolean): 'done' | RouterError | undefined {
  const code = stringAt(error, 'code');
  if (!(error instanceof Error) || !code?.startsWith('commander.')) return undefined;
  if (isObject(error) && error['exitCode'] === 0) return 'done';
  if (code === 'commander.help') {
    if (json)
      return new RouterError('invalid_input', {
        what: 'a command is missing',
        next: 'Add --help to see which there are; nothing was sent.',
      });
    process.exitCode = ERRORS.invalid_input.exit;
    return 'done';
  }
  const what = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  return new RouterError('invalid_input', { what, next: 'Add --help to see what the command takes; nothing was sent.' });
}

/** A bug of ours. Its message may hold anything, so only its kind and place are told. */
export function unforeseen(error: unknown): RouterError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frame = /^\s+at .*?([^/\\(]+:\d+:\d+)\)?$/m.exec(stack)?.[1] ?? 'unknown place';
  const kind = error instanceof Error ? error.name : typeof error;
  return new RouterError(
    'internal',
    { what: `${kind} at ${frame}`, next: 'This is a bug in skillrouter; please report it with this line.' },
    { cause: error },
  );
}
