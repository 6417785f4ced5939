import { RouterError } from '../../contract/errors.ts';
import { listActions, searchOperations } from '../../operations.ts';
import { numberFlag, textFlag } from '../flags.ts';
import { printTable } from '../table.ts';
import { describeAction, type MembraneAction } from './action-shape.ts';
import { guarded } from './guard.ts';

/** The longest intent that Membrane takes. Source: backends/membrane.md §3.1 */
const LONGEST_INTENT = 200;

/** `action list`: those that fit the intent, best first; without one, those that Membrane publishes, then all others. */
export const list = guarded(async ({ terminal, app }, _args, values) => {
  const intent = textFlag(values, 'intent');
  const limit = numberFlag(values, 'limit', { least: 1, most: 1000 }) ?? (intent === undefined ? 20 : 10);
  const names = intent === undefined ? (await listActions(app)).map(({ operation }) => operation) : await fitting(app, intent);
  const items = await Promise.all(names.slice(0, limit).map((name) => describeAction(app, name)));
  if (terminal.json) terminal.result({ items });
  else if (items.length > 0) await printTable(terminal, ['key', 'id', 'description'], items.map(lineOf));
  if (names.length > items.length) terminal.say(`${items.length} of ${names.length}: --limit shows more, --intent <words> finds.`);
  if (items.length === 0) terminal.say('No action fits: try other words, or "request" for a path of the API.');
});

/** `action get`. */
export const get = guarded(async ({ terminal, app }, [name = '']) => {
  const action = await describeAction(app, name);
  terminal.json ? terminal.result(action) : terminal.print(JSON.stringify(action, null, 2));
});

/** `action create`: nothing has to be made, because every request of the app is an action already. */
export const create = guarded(async ({ app }, [intent = '']) => {
  const names = intent.trim() === '' ? [] : (await fitting(app, intent)).slice(0, 3);
  const closest = await Promise.all(names.map((name) => describeAction(app, name)));
  const found = closest.map(({ key, description }) => `${key} (${description.split('. ', 1)[0]})`).join('; ');
  throw new RouterError('unsupported_operation', {
    what: 'no action was made: every operation of the app is an action already',
    next: found === '' ? 'Find it with "action list --intent <words>".' : `Run the one that fits: ${found}. Or use "request".`,
    nearest: closest.map(({ key }) => key),
  });
});

async function fitting(app: string, intent: string): Promise<readonly string[]> {
  return (await searchOperations(app, intent.slice(0, LONGEST_INTENT))).map(({ id }) => id);
}

function lineOf({ key, id, description }: MembraneAction): readonly string[] {
  return [key, id, description.split('. ', 1)[0] ?? ''];
}
