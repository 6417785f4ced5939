/** An app's operations as a catalogue of actions, under the names by which users of such catalogues ask for them. */
import { nearest } from '../catalog/nearest.ts';
import type { App } from '../contract/app.ts';
import type { Binding, ToolCell } from '../contract/binding.ts';
import { RouterError } from '../contract/errors.ts';
import type { CanonicalCall } from '../contract/executor.ts';
import type { JsonObject } from '../contract/guards.ts';
import { fromTool, isMeant } from './tool.ts';

export interface ActionName {
  /** The operation, without the app: the action's own id. */
  readonly operation: string;
  /** The name that the backend publishes, or else the operation's. */
  readonly key: string;
}

/** Every operation and intent, those that the backend publishes first. */
export function actionNames(app: App, binding: Binding | undefined): readonly ActionName[] {
  const published = Object.entries(binding?.cells ?? {}).flatMap(([operation, cell]) =>
    cell.transport === 'tool' ? [{ operation, key: cell.tool }] : [],
  );
  const known = new Set(published.map(({ operation }) => operation));
  return [...published, ...app.ids.filter((id) => !known.has(id)).map((id) => ({ operation: id, key: id }))];
}

/** An action by any of its names. Throws `unknown_operation` with the three closest. */
export function actionNamed(app: App, actions: readonly ActionName[], name: string): ActionName {
  const found =
    actions.find(({ key, operation }) => name === key || name === operation || name === `${app.id}.${operation}`) ??
    actions.find(({ operation }) => spellings(operation).includes(name));
  if (found) return found;
  const close = nearest(name, [...new Set(actions.flatMap(({ key, operation }) => [key, operation]))]);
  const search = 'Search with "action list --intent <words>"; nothing was sent.';
  throw new RouterError('unknown_operation', {
    what: `there is no action "${name.replaceAll(/[^\w.-]/g, '?').slice(0, 80)}"`,
    next: close.length > 0 ? `Did you mean ${close.join(', ')}? ${search}` : search,
    nearest: close,
  });
}

/** An action's input, in the backend's spelling or in ours, as a canonical call. */
export function actionCall(app: App, binding: Binding | undefined, { operation }: ActionName, input: JsonObject): CanonicalCall {
  const name = `${app.id}.${operation}`;
  const cell = binding?.cells[operation];
  if (cell?.transport !== 'tool') return { operation: name, input };
  return { operation: name, input: fromTool(spelling(cell, binding?.inbound[operation] ?? [], input), input) };
}

/** Of several spellings of one tool, the one that these arguments are written in. */
function spelling(cell: ToolCell, inbound: readonly ToolCell[], input: JsonObject): ToolCell {
  return inbound.find((other) => other.tool === cell.tool && isMeant(other, input)) ?? cell;
}

/** `call.create` is also asked for as `create-call`, and `call.list` as `list-calls`: for one and for many. */
export function spellings(operation: string): readonly string[] {
  const [noun = '', verb = ''] = operation.replaceAll('_', '-').split('.');
  const many = /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : /(?:us|ss|x|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;
  return [`${verb}-${noun}`, `${verb}-${many}`];
}
