/** What can be asked about the apps and backends of this version, without a configuration: operations, their fields, actions, coverage. */
import { BACKENDS } from '../adapters/index.ts';
import type { ActionName } from './binding/actions.ts';
import type { ForeignRequest } from './binding/match.ts';
import type { AppAnswer } from './binding/request.ts';
import { closeApp } from './catalog/close/index.ts';
import type { OperationLine, OperationPage } from './catalog/describe.ts';
import type { FieldRow } from './catalog/field-rows.ts';
import { type App, isIntent } from './contract/app.ts';
import type { Binding, Cell } from './contract/binding.ts';
import { RouterError } from './contract/errors.ts';
import type { CanonicalCall } from './contract/executor.ts';
import { isObject, type JsonObject } from './contract/guards.ts';
import type { Intent, Operation } from './contract/operation.ts';
import type { RunReport } from './contract/receipt.ts';
import type { Coverage } from './router/router.ts';

const APPS: readonly App[] = [closeApp];

export function availableBackends(): readonly string[] {
  return Object.keys(BACKENDS);
}

export function operationNames(app: string): readonly string[] {
  return appNamed(app).ids;
}

export async function listOperations(app: string): Promise<readonly OperationLine[]> {
  const { linesOf } = await import('./catalog/describe.ts');
  return linesOf(appNamed(app));
}

export async function searchOperations(app: string, query: string): Promise<readonly OperationLine[]> {
  const { searchOperations: search } = await import('./catalog/search.ts');
  return search(appNamed(app), query);
}

/** Everything about one operation, its cell in every binding included. Throws `unknown_operation`. */
export async function showOperation(
  app: string,
  name: string,
): Promise<OperationPage & { readonly bindings: Readonly<Record<string, Cell>> }> {
  const [{ pageOf }, entry, bindings] = await Promise.all([import('./catalog/describe.ts'), entryNamed(app, name), allBindings(app)]);
  const operation = isIntent(entry) ? entry.operation : entry.id;
  const cells = bindings.flatMap(({ backend, cells }) => {
    const cell = cells[operation];
    return cell ? [[backend, cell] as const] : [];
  });
  return { ...pageOf(entry), bindings: Object.fromEntries(cells) };
}

/** An operation's input fields, parents before their parts. */
export async function inputFields(page: Pick<OperationPage, 'input'>): Promise<readonly FieldRow[]> {
  const { fieldRows } = await import('./catalog/field-rows.ts');
  return fieldRows(page.input);
}

/** The JSON Schema of an operation's input; no binding is loaded for it. Throws `unknown_operation`. */
export async function inputSchema(app: string, name: string): Promise<OperationPage['input']> {
  const [{ pageOf }, entry] = await Promise.all([import('./catalog/describe.ts'), entryNamed(app, name)]);
  return pageOf(entry).input;
}

/** The names of an operation's input fields. */
export async function fieldNames(app: string, name: string): Promise<readonly string[]> {
  const input = await inputSchema(app, name);
  return isObject(input['properties']) ? Object.keys(input['properties']) : [];
}

/** Every operation on every backend that this version has, configured or not. */
export async function coverageOf(app: string): Promise<Coverage> {
  const [{ coverage }, bindings] = await Promise.all([import('./router/coverage.ts'), allBindings(app)]);
  return coverage(appNamed(app), bindings);
}

/** The names that were probably meant, best first. */
export async function nearestNames(written: string, names: readonly string[]): Promise<readonly string[]> {
  const { nearest } = await import('./catalog/nearest.ts');
  return nearest(written, names, 1);
}

/** The operations as actions: those that Membrane publishes first, under its names. */
export async function listActions(app: string): Promise<readonly ActionName[]> {
  const [{ actionNames }, binding] = await Promise.all([import('./binding/actions.ts'), publishedActions(app)]);
  return actionNames(appNamed(app), binding);
}

/** An action by any of its names. Throws `unknown_operation`. */
export async function findAction(app: string, name: string): Promise<ActionName> {
  const [{ actionNamed }, actions] = await Promise.all([import('./binding/actions.ts'), listActions(app)]);
  return actionNamed(appNamed(app), actions, name);
}

/** An action's input, in Membrane's spelling or in ours, as a canonical call. Throws `unknown_operation`. */
export async function readAction(app: string, name: string, input: JsonObject): Promise<CanonicalCall> {
  const [{ actionCall }, binding, action] = await Promise.all([
    import('./binding/actions.ts'),
    publishedActions(app),
    findAction(app, name),
  ]);
  return actionCall(appNamed(app), binding, action, input);
}

/** The app's own HTTP request as a canonical call. Throws when it is nobody's, or leads elsewhere. */
export async function readRequest(app: string, request: ForeignRequest): Promise<CanonicalCall> {
  const { readRequest: read } = await import('./binding/request.ts');
  return read(appNamed(app), request);
}

/** A call's report as the app's own answer. undefined: it did not get as far as the app. */
export async function answerOf(app: string, report: RunReport): Promise<AppAnswer | undefined> {
  const { answerOf: answer } = await import('./binding/request.ts');
  return answer(appNamed(app), report);
}

async function entryNamed(app: string, name: string): Promise<Operation | Intent> {
  const { find } = await import('./router/find.ts');
  const { entry } = await find(APPS, name.startsWith(`${app}.`) ? name : `${appNamed(app).id}.${name}`);
  return entry;
}

async function allBindings(app: string): ReturnType<typeof BACKENDS.rest.bindings> {
  const found = await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()));
  return found.flat().filter((binding) => binding.app === app);
}

async function publishedActions(app: string): Promise<Binding | undefined> {
  return (await allBindings(app)).find(({ backend }) => backend === 'membrane');
}

/** An app by its name. Throws `invalid_input`. */
export function appNamed(name: string): App {
  const found = APPS.find(({ id }) => id === name);
  if (found) return found;
  const known = APPS.map(({ id }) => id).join(', ');
  throw new RouterError('invalid_input', { what: 'that app is not known', next: `--app takes ${known}; nothing was sent.` });
}
