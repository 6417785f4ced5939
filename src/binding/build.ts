/** Compiles every adapters/<backend>/close.yaml into close.generated.ts beside it. Run by `npm run generate`. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeApp } from '../catalog/close/index.ts';
import { isIntent } from '../contract/app.ts';
import type { Operation } from '../contract/operation.ts';
import { compileBinding } from './compile.ts';
import { render } from './render.ts';

const ADAPTERS = fileURLToPath(new URL('../../adapters/', import.meta.url));

/** The generated files, as they should be: path → text. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
  const folders = (await readdir(ADAPTERS, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const files = folders.toSorted().map(async (backend) => {
    const text = await readFile(join(ADAPTERS, backend, 'close.yaml'), 'utf8');
    const binding = compileBinding({ backend, file: `adapters/${backend}/close.yaml`, text, operations });
    return [join(ADAPTERS, backend, 'close.generated.ts'), render(binding)] as const;
  });
  return new Map(await Promise.all(files));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generated()) await writeFile(path, text);
}
