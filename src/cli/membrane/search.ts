import { RouterError } from '../../contract/errors.ts';
import { searchOperations } from '../../operations.ts';
import { numberFlag, textFlag } from '../flags.ts';
import { printTable } from '../table.ts';
import { describeAction } from './action-shape.ts';
import { checkApp, meansApp } from './app-name.ts';
import { guarded } from './guard.ts';
import { integrationOf } from './shapes.ts';

interface Found {
  readonly elementType: string;
  readonly element: object;
}

const TYPES = ['connector', 'integration', 'app', 'external-app', 'action'];

/** `search`: the app as a connector, and actions. */
export const search = guarded(async ({ terminal, app }, [query = ''], values) => {
  const type = textFlag(values, 'elementType');
  if (type !== undefined && !TYPES.includes(type)) throw unknownType(type);
  checkApp(app, app);
  const limit = numberFlag(values, 'limit', { least: 1, most: 100 }) ?? 10;
  const connectors = type === 'action' || !fits(app, query) ? [] : [{ elementType: type ?? 'connector', element: integrationOf(app) }];
  const actions = type === undefined || type === 'action' ? await actionsFor(app, query, limit) : [];
  const items = [...connectors, ...actions].slice(0, limit);
  // Skills of the first generation read `output.items[0].element?.id`; whether `output` means stdout or a key, nobody says.
  if (terminal.json) terminal.result({ items, output: { items } });
  else if (items.length > 0) await printTable(terminal, ['type', 'id', 'name'], items.map(rowOf));
  if (items.length === 0) terminal.say(`Nothing fits. The connector here is ${app}; "action list --intent <words>" finds actions.`);
});

/** `close crm` finds Close as well. */
function fits(app: string, query: string): boolean {
  return meansApp(app, query) || query.toLowerCase().split(/\s+/).includes(app);
}

async function actionsFor(app: string, query: string, limit: number): Promise<readonly Found[]> {
  const lines = (await searchOperations(app, query)).slice(0, limit);
  const actions = await Promise.all(lines.map(({ id }) => describeAction(app, id)));
  return actions.map(({ id, key, name, description }) => ({ elementType: 'action', element: { id, key, name, description } }));
}

function rowOf({ elementType, element }: Found): readonly string[] {
  const { id = '', name = '' } = element as { readonly id?: string; readonly name?: string }; // both makers give these
  return [elementType, id, name];
}

function unknownType(type: string): RouterError {
  return new RouterError('invalid_input', {
    what: `--elementType does not know "${type.replaceAll(/[^\w-]/g, '?').slice(0, 40)}"`,
    next: `It takes ${TYPES.join(', ')}; nothing was sent.`,
  });
}
