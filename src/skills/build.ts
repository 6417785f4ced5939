/** Writes the skills from the catalogue, and the README's table of operations. Run by `npm run generate`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../catalog/close/index.ts';
import { pageOf } from '../catalog/describe.ts';
import { isIntent } from '../contract/app.ts';
import { closeSkill } from './close.ts';
import { withOperations } from './readme.ts';

const SKILLS = fileURLToPath(new URL('../../skills', import.meta.url));

/** Every generated file of `skills/`, by path inside it. */
export async function skillFiles(): Promise<ReadonlyMap<string, string>> {
  const files = closeSkill((await closeApp.all()).map(pageOf));
  return new Map([...files].map(([path, text]) => [`close/${path}`, text]));
}

const README = fileURLToPath(new URL('../../README.md', import.meta.url));

/** The README with its table of operations as it is today. */
export async function readme(): Promise<string> {
  const ids = (await closeApp.all()).flatMap((entry) => (isIntent(entry) ? [] : [entry.id]));
  const bindings = (await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()))).flat();
  return withOperations(readFileSync(README, 'utf8'), ids, bindings);
}

async function write(): Promise<void> {
  writeFileSync(README, await readme());
  rmSync(join(SKILLS, 'close'), { recursive: true, force: true });
  for (const [path, text] of await skillFiles()) {
    mkdirSync(dirname(join(SKILLS, path)), { recursive: true });
    writeFileSync(join(SKILLS, path), text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
