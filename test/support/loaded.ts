import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ran, type RunOptions, runCli } from './cli.ts';
import { ROOT } from './sources.ts';

/** Told by a module loader: every module that the process asked for. Into a file, because a full pipe refuses what is written at once. */
const SPY = `import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const told = new URL('./loaded', import.meta.url);
registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); appendFileSync(told, found.url + '\\n'); return found; } });
`;

/** Runs a command, and tells which modules it loaded: packages by their names, files of ours from the root, each once. */
export async function runSpied(args: readonly string[], options: RunOptions): Promise<Ran & { readonly loaded: readonly string[] }> {
  const folder = mkdtempSync(join(options.cwd, 'spy-'));
  const spy = join(folder, 'spy.mjs');
  writeFileSync(spy, SPY);
  const ran = await runCli(args, { ...options, node: ['--import', pathToFileURL(spy).href] });
  const urls = readFileSync(join(folder, 'loaded'), 'utf8').split('\n').filter(Boolean);
  return { ...ran, loaded: [...new Set(urls.map(nameOf))] };
}

function nameOf(url: string): string {
  const inPackage = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
  return inPackage ?? url.replace(pathToFileURL(`${ROOT}/`).href, '');
}
