import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ran, type RunOptions, runCli } from './cli.ts';
import { ROOT } from './sources.ts';

/** Told by a module loader: every module that the process asked for. */
const SPY = `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); writeSync(2, 'LOADED ' + found.url + '\\n'); return found; } });
`;

/** Runs a command, and tells which modules it loaded: packages by their names, files of ours from the root, each once. */
export async function runSpied(args: readonly string[], options: RunOptions): Promise<Ran & { readonly loaded: readonly string[] }> {
  const spy = join(options.cwd, 'spy.mjs');
  writeFileSync(spy, SPY);
  const ran = await runCli(args, { ...options, node: ['--import', pathToFileURL(spy).href] });
  const urls = ran.stderr.split('\n').flatMap((line) => (line.startsWith('LOADED ') ? [line.slice('LOADED '.length)] : []));
  return { ...ran, loaded: [...new Set(urls.map(nameOf))] };
}

function nameOf(url: string): string {
  const inPackage = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
  return inPackage ?? url.replace(pathToFileURL(`${ROOT}/`).href, '');
}
