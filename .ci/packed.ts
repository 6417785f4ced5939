/** Packs the package as npm would publish it, checks what is inside, and uses it from an empty folder: `npm run check:package`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

/** Bytes of the tarball. Raised on purpose only: everybody who installs the package pays for it. */
const BUDGET = 1_000_000;

const ALLOWED = /^(?:dist\/|skills\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/;

/** A program of somebody who tests against the sandbox: every door opens, and a call goes through. */
const PROGRAM = `
import { createRouter } from 'skillrouter';
import { sandboxBackends, startSandbox } from 'skillrouter/sandbox';

await using sandbox = await startSandbox();
await using router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' });
for (const backend of Object.keys(sandbox.ready.backends)) {
  const report = await router.run('close.lead.create', { name: backend }, { via: backend });
  if (!report.ok) throw new Error(report.error.message);
  console.log('sandbox: ' + report.data.name + ' by ' + report.receipt.route.transport);
}
`;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const folder = mkdtempSync(join(tmpdir(), 'skillrouter-packed-'));
try {
  const packed = pack();
  checkContent(packed);
  checkInstalled(join(folder, packed.filename));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(): Packed {
  // Without `prepare`, whose output would stand before npm's JSON: the script that calls this one has just built.
  const [packed] = JSON.parse(read('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])) as readonly Packed[];
  if (packed === undefined) throw new Error('npm pack made nothing');
  return packed;
}

function checkContent({ size, files }: Packed): void {
  const strange = files.map(({ path }) => path).filter((path) => !ALLOWED.test(path));
  if (strange.length > 0) throw new Error(`the package holds files that it should not: ${strange.join(', ')}`);
  if (size > BUDGET) throw new Error(`the package has ${size} bytes; the budget is ${BUDGET}`);
  console.log(`packed: ${files.length} files, ${size} of ${BUDGET} bytes`);
}

/** What a stranger does: an empty folder, one install, one command, one import, one program. */
function checkInstalled(tarball: string): void {
  const home = mkdtempSync(join(folder, 'home-'));
  writeFileSync(join(home, 'package.json'), '{ "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], home);
  const version = read('npx', ['--no-install', 'skillrouter', '--version'], home).trim();
  if (version !== manifest.version) throw new Error(`the installed command says it is ${version}, not ${manifest.version}`);
  const steps = read('npx', ['--no-install', 'skillrouter', 'demo', '--json'], home).trim().split('\n');
  console.log(`installed: version ${version}, demo with ${steps.length} steps`);
  for (const entry of Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'))) {
    run(process.execPath, ['--eval', `await import('${join(manifest.name, entry).replaceAll('\\', '/')}')`], home);
  }
  writeFileSync(join(home, 'program.mjs'), PROGRAM);
  run(process.execPath, ['program.mjs'], home);
}

function run(command: string, args: readonly string[], cwd?: string): void {
  execFileSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
}

function read(command: string, args: readonly string[], cwd?: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
}
