import type { App } from '../contract/app.ts';
import { isObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';

/** A file of the catalogue, not yet loaded. */
export type Loader = () => Promise<object>;

/** What an app is made of. */
export interface AppParts<File extends string> extends Pick<App, 'errors' | 'rateLimit' | 'identity'> {
  readonly id: string;
  readonly files: Readonly<Record<File, Loader>>;
  /** Operation or intent id → the file that declares it, in the catalogue's order. */
  readonly ids: Readonly<Record<string, File>>;
}

/** Every exported value that is an operation or an intent. Whatever else a file exports is its own business. */
export function entriesOf(module: object): readonly (Operation | Intent)[] {
  return Object.values(module).filter(isEntry);
}

function isEntry(value: unknown): value is Operation | Intent {
  return isObject(value) && typeof value['id'] === 'string' && (isObject(value['http']) || typeof value['run'] === 'function');
}

/** Makes an app that loads a file of its catalogue no earlier than somebody asks for what is in it. */
export function lazyApp<File extends string>({ files, ids, ...rest }: AppParts<File>): App {
  const names = Object.keys(ids);
  const find = async (name: string): Promise<Operation | Intent | undefined> => {
    const file = Object.hasOwn(ids, name) ? ids[name] : undefined;
    return file && entriesOf(await files[file]()).find(({ id }) => id === name);
  };
  const all = async (): Promise<readonly (Operation | Intent)[]> => {
    const found = await Promise.all(names.map(find));
    return found.filter((entry) => entry !== undefined);
  };
  return { ...rest, ids: names, find, all };
}
