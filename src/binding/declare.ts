import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding, ToolCell } from '../contract/binding.ts';
import { RouterError } from '../contract/errors.ts';
import type { Operation } from '../contract/operation.ts';
import { readBinding } from './entries.ts';
import { operationsOf } from './serve.ts';

/** How one operation goes through a backend, in the words of the binding files. */
export type DeclaredCell =
  | Omit<ToolCell, 'transport'>
  | { readonly proxy: true; readonly why?: string }
  | { readonly direct: true }
  | { readonly none: string };

/** A binding as a program writes it. What it says of an operation stands in for what the backend's own binding says. */
export interface BindingDeclaration {
  readonly backend: BackendId;
  readonly app: string;
  /** Where their names were read, and when. */
  readonly source?: string;
  /** Of every operation that has no cell here nor in the backend's own binding. */
  readonly default?: Exclude<DeclaredCell, { readonly tool: string }>;
  /** operation id, without the app → cell. */
  readonly cells?: Readonly<Record<string, DeclaredCell>>;
}

/** A backend's own bindings with what was declared on top. Throws `configuration`, listing everything that is wrong. */
export async function withDeclared(
  own: readonly Binding[],
  declarations: readonly BindingDeclaration[],
  apps: readonly App[],
): Promise<readonly Binding[]> {
  const bindings = new Map(own.map((binding) => [binding.app, binding]));
  for (const declaration of declarations) {
    const app = apps.find(({ id }) => id === declaration.app);
    if (!app) throw refusal(declaration, 'there is no such app');
    bindings.set(app.id, onTop(bindings.get(app.id), declaration, await operationsOf(app)));
  }
  return [...bindings.values()];
}

function onTop(own: Binding | undefined, declaration: BindingDeclaration, operations: readonly Operation[]): Binding {
  const { backend, app, cells = {}, source = 'declared by the program' } = declaration;
  const fallback = declaration.default === undefined ? {} : { default: declaration.default };
  const read = readBinding({ app, source, bindings: cells, ...fallback }, operations, Object.keys(own?.cells ?? {}));
  if ('binding' in read) return { ...read.binding, backend, cells: { ...own?.cells, ...read.binding.cells }, inbound: own?.inbound ?? {} };
  const told = read.findings.map(({ at, message }) => `${at.join('.').replace(/^bindings/, 'cells')}: ${message}`);
  throw refusal(declaration, told.join('; '));
}

function refusal({ backend, app }: BindingDeclaration, what: string): RouterError {
  return new RouterError('configuration', {
    backend,
    what: `the binding of ${app}: ${what}`,
    next: 'Correct the binding that was given to createRouter; nothing was sent.',
  });
}
