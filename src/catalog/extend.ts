import type { App } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { Intent, Operation } from '../contract/operation.ts';

export interface Further {
  readonly apps?: readonly App[];
  /** Operations and intents of apps that are there, each at the app that it names. */
  readonly operations?: readonly (Operation | Intent)[];
}

/** The apps with what a program adds. Throws `configuration` when a name would mean two things, or when an operation has no app. */
export function extendApps(known: readonly App[], { apps = [], operations = [] }: Further): readonly App[] {
  const all = [...known, ...apps];
  const names = [...all.flatMap((app) => [app.id, ...app.ids.map((id) => `${app.id}.${id}`)]), ...operations.map(fullName)];
  refuse(repeated(names), 'is there twice', 'Give it another name');
  const homeless = operations.filter(({ app }) => !all.some(({ id }) => id === app)).map(fullName);
  refuse(
    homeless,
    'belongs to an app that is not there',
    `Give the app under "apps", or name one of ${all.map(({ id }) => id).join(', ')}`,
  );
  return all.map((app) =>
    extended(
      app,
      operations.filter((entry) => entry.app === app.id),
    ),
  );
}

function extended(app: App, own: readonly (Operation | Intent)[]): App {
  if (own.length === 0) return app;
  return {
    ...app,
    ids: [...app.ids, ...own.map(({ id }) => id)],
    find: async (id) => own.find((entry) => entry.id === id) ?? app.find(id),
    all: async () => [...(await app.all()), ...own],
  };
}

function fullName({ app, id }: Operation | Intent): string {
  return `${app}.${id}`;
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function refuse(names: readonly string[], what: string, next: string): void {
  if (names.length === 0) return;
  throw new RouterError('configuration', { what: `${names.join(', ')} ${what}`, next: `${next}; nothing was sent.` });
}
