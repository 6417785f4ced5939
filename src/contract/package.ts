import { existsSync, readFileSync } from 'node:fs';
import { stringAt } from './guards.ts';

/** The folder of our package.json, which is further up from `dist` than from `src`. */
export function packageFolder(): URL {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') folder = new URL('..', folder);
  return folder;
}

export function packageVersion(): string {
  return stringAt(JSON.parse(readFileSync(new URL('package.json', packageFolder()), 'utf8')), 'version') ?? 'unknown';
}
