import { existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RouterError } from '../contract/errors.ts';
import type { Environment } from './environment.ts';
import { configText, variablesOf, type Wishes } from './template.ts';

export interface WriteOptions extends Wishes {
  readonly file: string;
  readonly folder: string;
  /** Overwrites a file that is there. */
  readonly force: boolean;
  readonly environment: Environment;
}

export interface Written {
  readonly file: string;
  /** What it refers to, and whether that is set now. */
  readonly variables: readonly { readonly name: string; readonly set: boolean }[];
}

/** Writes a new configuration. Throws `configuration` when a file is there, or none can be written. */
export function writeConfig({ file, folder, force, environment, ...wishes }: WriteOptions): Written {
  const path = resolve(folder, file);
  if (existsSync(path) && !force) {
    throw new RouterError('configuration', { what: `${file} exists already`, next: 'Keep it, or overwrite it with --force.' });
  }
  if (!existsSync(dirname(path))) {
    throw new RouterError('configuration', {
      what: `${file} cannot be written: its folder does not exist`,
      next: 'Make the folder first, or choose another place with --file.',
    });
  }
  try {
    writeFileSync(path, configText(wishes));
  } catch (cause) {
    throw new RouterError('configuration', { what: `${file} cannot be written`, next: 'Choose another place with --file.' }, { cause });
  }
  return { file, variables: variablesOf(wishes).map((name) => ({ name, set: Boolean(environment[name]) })) };
}
