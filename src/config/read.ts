import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RouterError } from '../contract/errors.ts';
import { isObject } from '../contract/guards.ts';
import type { Config } from './config.ts';
import type { Environment } from './environment.ts';
import { parseConfig, type Source } from './parse.ts';

/** Looked for in this order. */
const CONFIG_FILES: readonly string[] = ['skillrouter.yaml', 'skillrouter.yml', 'skillrouter.ts'];

export interface Where {
  /** What `--config` said. */
  readonly path?: string | undefined;
  readonly folder: string;
  readonly environment: Environment;
  readonly operations: readonly string[];
}

/** The configuration's file: the one that was named, or the first that exists. */
export function findConfig({ path, folder }: Pick<Where, 'path' | 'folder'>): string | undefined {
  if (path !== undefined) return resolve(folder, path);
  return CONFIG_FILES.map((name) => resolve(folder, name)).find((file) => existsSync(file));
}

/** Reads and checks the configuration. Throws `configuration` when there is none, or when it is wrong. */
export async function readConfig(where: Where): Promise<Config> {
  const file = findConfig(where);
  if (file === undefined) {
    throw new RouterError('configuration', {
      what: `there is no configuration in this folder (${CONFIG_FILES.join(', ')})`,
      next: 'Run "skillrouter init" to write one, name it with --config, or use --sandbox to try things without an account.',
    });
  }
  const shared = { environment: where.environment, operations: where.operations, folder: dirname(file), file: nameOf(file, where.folder) };
  const found = /\.[mc]?[jt]s$/.test(file)
    ? await readProgram(file, shared.file)
    : await readYaml(readText(file, shared.file), shared.file);
  return parseConfig({ ...shared, ...found });
}

type Found = Pick<Source, 'value' | 'locate' | 'secretsAllowed'>;

async function readYaml(text: string, file: string): Promise<Found> {
  const { readYamlText } = await import('./yaml.ts');
  return { ...readYamlText(text, file), secretsAllowed: false };
}

async function readProgram(file: string, name: string): Promise<Found> {
  readText(file, name);
  const loaded: unknown = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new RouterError('configuration', { what: `${name} cannot be loaded`, next: 'Run it with node to see why.' }, { cause });
  });
  const value = isObject(loaded) ? (loaded['default'] ?? loaded['config']) : undefined;
  if (!isObject(value)) {
    throw new RouterError('configuration', { what: `${name} exports no configuration`, next: 'Export it as "default" or as "config".' });
  }
  return { value, secretsAllowed: true };
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = isObject(cause) && cause['code'] === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new RouterError(
      'configuration',
      { what: `${name} ${why}`, next: 'Check the path that --config gives, or run "skillrouter init".' },
      { cause },
    );
  }
}

/** Short when it is below the working folder. */
function nameOf(file: string, folder: string): string {
  const short = relative(folder, file);
  return short.startsWith('..') ? file : short;
}
