import { existsSync, readFileSync } from 'node:fs';
import { stringAt } from '../contract/guards.ts';

/** The version in our package.json, which is further up from `dist` than from `src`. */
export function packageVersion(): string {
  let folder = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', folder)) && folder.pathname !== '/') folder = new URL('..', folder);
  return stringAt(JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')), 'version') ?? 'unknown';
}
