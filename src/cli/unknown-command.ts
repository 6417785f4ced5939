import type { Command } from 'commander';
import { RouterError } from '../contract/errors.ts';
import { nearestNames } from '../operations.ts';

/** The error for a word that is none of a command's own, with the one that was probably meant, or all there are. */
export async function unknownCommand(command: Command, [word = '']: readonly string[]): Promise<RouterError> {
  const inner = command.createHelp().visibleCommands(command);
  const names = inner.map((one) => one.name()).filter((name) => name !== 'help');
  const near = await nearestNames(word, names);
  const written = word.replaceAll(/[^\w.:-]/g, '?').slice(0, 60);
  const place = command.parent ? `${command.name()} ` : '';
  const [closest] = near;
  return new RouterError('invalid_input', {
    what: `unknown command '${place}${written}'${closest === undefined ? '' : ` (Did you mean ${place}${closest}?)`}`,
    next: `There are: ${names.map((name) => `${place}${name}`).join(', ')}; nothing was sent.`,
    ...(near.length > 0 ? { nearest: near } : {}),
  });
}
