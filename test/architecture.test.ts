import { existsSync, globSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../adapters/index.ts';
import * as bindings from '../src/binding/build.ts';
import { closeApp } from '../src/catalog/close/index.ts';
import { renderIds, unlisted } from '../src/catalog/generate-ids.ts';
import { isIntent } from '../src/contract/app.ts';
import { statementsSource } from '../src/journal/build.ts';
import { readme } from '../src/skills/build.ts';
import { importsOf, ROOT, type Source, sources, textOf } from './support/sources.ts';

const ALL = sources();

/** Who may import whom; every room may import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/contract': [],
  'src/wire': ['src/contract'],
  'src/catalog': ['src/contract'],
  'src/journal': ['src/contract'],
  'src/config': ['src/contract', 'src/catalog', 'src/router'],
  'src/binding': ['src/contract', 'src/wire', 'src/catalog'],
  'src/connections': ['src/contract', 'src/catalog', 'src/binding'],
  'src/router': ['src/contract', 'src/catalog', 'src/binding'],
  'src/bulk': ['src/contract', 'src/catalog', 'src/router'],
  'src/migrate': ['src/contract', 'src/catalog', 'src/binding', 'src/connections', 'src/router'],
  'src/verify': ['src/contract', 'src/catalog', 'src/binding', 'src/router', 'src/migrate'],
  'src/drift': ['src/contract', 'src/catalog', 'src/binding'],
  'src/sandbox': ['src/contract', 'src/wire', 'src/catalog', 'src/binding'],
  'src/kit': ['src/contract', 'src/wire', 'src/catalog', 'src/binding', 'src/sandbox'],
  'src/skills': ['src/contract', 'src/catalog', 'src/binding'],
  'src/toolsets': ['src/contract', 'src/catalog', 'src/router'],
  'src/server': ['src/contract', 'src/wire'],
  'src/cli': ['src/contract', 'src/app', 'src/hosting', 'src/operations'],
  'src/mcp': ['src/contract', 'src/wire', 'src/catalog', 'src/router', 'src/toolsets'],
  adapters: ['src/contract', 'src/wire', 'src/binding'],
};

/** Only here do the rooms meet. */
const COMPOSITION =
  /^src\/(?:app|assembly|contract-kit|core|drift|hosting|index|mcp|operations|sandbox|skills|switching|verifying)\.ts$|^adapters\/index\.ts$/;

/** Run when the package is built, never installed: they read what they check. */
const BUILD = /\/(?:build|generate-ids)\.ts$/;

/** A backend is a room of its own. */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  if (top === 'adapters') return second.endsWith('.ts') ? 'adapters/index' : `adapters/${second}`;
  return second.endsWith('.ts') ? `src/${second.slice(0, -3)}` : `src/${second}`;
}

function mayImport(from: string, to: string): boolean {
  const room = roomOf(from);
  const allowed = ROOMS[room.startsWith('adapters/') ? 'adapters' : room];
  return room === roomOf(to) || (allowed?.includes(roomOf(to)) ?? false);
}

describe('the rooms', () => {
  it('are all known', () => {
    const rooms = new Set(ALL.filter(({ path }) => !COMPOSITION.test(path)).map(({ path }) => roomOf(path)));
    const unknown = [...rooms].filter((room) => ROOMS[room] === undefined && !room.startsWith('adapters/'));
    expect(unknown).toEqual([]);
  });

  it('import only what lies below them', () => {
    const wrong = ALL.filter(({ path }) => !COMPOSITION.test(path) && !BUILD.test(path)).flatMap(({ path, imports }) =>
      imports.flatMap(({ file }) => (file === undefined || mayImport(path, file) ? [] : [`${path} imports ${file}`])),
    );
    expect(wrong).toEqual([]);
  });

  it('name files that exist, with their extension', () => {
    const known = new Set(ALL.map(({ path }) => path));
    const missing = ALL.flatMap(({ path, imports }) =>
      imports.flatMap(({ file }) => (file === undefined || known.has(file) || file.endsWith('.json') ? [] : [`${path}: ${file}`])),
    );
    expect(missing).toEqual([]);
  });

  it('hold no ring of files that need each other to load', () => {
    expect(ring(ALL)).toBeUndefined();
  });
});

describe('the vendors’ SDKs', () => {
  const SDKS: Readonly<Record<string, RegExp>> = {
    'adapters/composio/': /^@composio\//,
    'adapters/membrane/': /^@membranehq\//,
    'adapters/scalekit/': /^@scalekit-sdk\//,
  };
  const uses = ALL.flatMap(({ path, imports }) => imports.map((found) => ({ path, ...found })));

  it.each(Object.entries(SDKS))('are named in %s only, and loaded no earlier than they are needed', (home, sdk) => {
    const wrong = uses.filter(({ path, specifier, kind }) => sdk.test(specifier) && (!path.startsWith(home) || kind === 'value'));
    expect(wrong.map(({ path, specifier, kind }) => `${path}: ${kind} import of ${specifier}`)).toEqual([]);
  });

  it('of MCP is named by one file of the Rube door, which a server loads with the first request for it', () => {
    const named = uses.filter(
      ({ path, specifier, kind }) => /^adapters\//.test(path) && /^@modelcontextprotocol\//.test(specifier) && kind !== 'type',
    );
    expect(named.map(({ path, kind }) => [path, kind])).toEqual([['adapters/composio/rube-server.ts', 'dynamic']]);
    const loaders = uses.filter(({ file }) => file === 'adapters/composio/rube-server.ts');
    expect(loaders.filter(({ kind }) => kind === 'value').map(({ path }) => path)).toEqual([]);
  });

  it('are really told apart from other imports', () => {
    const text =
      "import type { A } from '@composio/core';\nimport { b, type C } from '@composio/core';\nconst d = await import('@composio/core');";
    expect(importsOf('adapters/x.ts', text).map(({ kind }) => kind)).toEqual(['type', 'value', 'dynamic']);
  });
});

describe('the library of MCP', () => {
  const isIts = (specifier: string): boolean => specifier.startsWith('@modelcontextprotocol/');

  it('is named by our MCP server and by Rube’s door only', () => {
    const homes = ALL.filter(({ imports }) => imports.some(({ specifier, kind }) => kind !== 'type' && isIts(specifier))).map(
      ({ path }) => path,
    );
    expect(homes.filter((path) => !/^src\/mcp\/|^adapters\/composio\/rube-/.test(path))).toEqual([]);
    expect(homes).toContain('src/mcp/factory.ts');
  });

  it.each([
    'src/cli/bin.ts',
    'src/app.ts',
    'src/hosting.ts',
    'src/operations.ts',
    'src/core.ts',
    'src/index.ts',
    'src/mcp.ts',
    'src/mcp/guest.ts',
    'adapters/index.ts',
  ])('is not loaded by loading %s', (start) => {
    const reached = new Set([start]);
    for (const path of reached) {
      const values = ALL.find((source) => source.path === path)?.imports.filter(({ kind }) => kind === 'value') ?? [];
      for (const { file } of values) if (file !== undefined) reached.add(file);
      expect(values.filter(({ specifier }) => isIts(specifier)).map(({ specifier }) => `${path}: ${specifier}`)).toEqual([]);
    }
  });
});

describe('generated files', () => {
  it('hold what their sources say today; if not, `npm run generate` was forgotten', async () => {
    const ours = new Map([...(await bindings.generated())].map(([path, text]) => [relative(ROOT, path).replaceAll('\\', '/'), text]));
    const wanted = ours
      .set('src/catalog/close/ids.generated.ts', await renderIds())
      .set('src/journal/statements.generated.ts', statementsSource());
    expect([...wanted].filter(([path, text]) => textOf(path) !== text).map(([path]) => path)).toEqual([]);
    const found = globSync('{src,adapters}/**/*.generated.ts', { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
    expect(found.toSorted()).toEqual([...wanted.keys()].toSorted());
  });

  it('say in the README what the bindings say', async () => {
    expect(await readme()).toBe(textOf('README.md'));
  });

  it('leave out no file of the catalogue', async () => {
    expect(await unlisted()).toEqual([]);
  });
});

describe('the backends', () => {
  const folders = readdirSync(join(ROOT, 'adapters'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

  it('are all in the list that the router gets', () => {
    expect(Object.keys(BACKENDS).toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it('all consist of the same files', () => {
    const needed = ['close.yaml', 'adapter.ts', 'door.ts', 'errors.ts', 'README.md'];
    const missing = folders.flatMap(({ name }) =>
      needed.map((file) => `adapters/${name}/${file}`).filter((path) => !existsSync(join(ROOT, path))),
    );
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(BACKENDS))('%s says for every operation how it goes, or why it does not', async (_, { bindings }) => {
    const operations = (await closeApp.all()).filter((entry) => !isIntent(entry)).map(({ id }) => id);
    const cells = (await bindings()).find(({ app }) => app === 'close')?.cells ?? {};
    expect(operations.length).toBeGreaterThan(0);
    expect(Object.keys(cells).toSorted()).toEqual(operations.toSorted());
    const silent = Object.entries(cells).filter(([, cell]) => cell.transport === 'none' && cell.why.length < 10);
    expect(silent).toEqual([]);
  });

  it.each(folders.map(({ name }) => name))('%s has a door that shares no reading of the wire with its adapter', (name) => {
    const reach = (path: string, seen: Set<string>): Set<string> => {
      if (seen.has(path)) return seen;
      seen.add(path);
      for (const { file } of ALL.find((source) => source.path === path)?.imports ?? []) if (file !== undefined) reach(file, seen);
      return seen;
    };
    expect([...reach(`adapters/${name}/door.ts`, new Set())]).not.toContain(`adapters/${name}/adapter.ts`);
  });
});

describe('the public surface', () => {
  const manifest: { readonly exports: object } = JSON.parse(textOf('package.json'));

  it('is these entrances', () => {
    expect(Object.keys(manifest.exports)).toEqual([
      '.',
      './contract',
      './contract-kit',
      './sandbox',
      './ai-sdk',
      './openai',
      './anthropic',
      './mcp',
      './mcp-tools',
      './package.json',
    ]);
  });

  it.each([
    'src/index.ts',
    'src/contract/index.ts',
    'src/contract-kit.ts',
    'src/sandbox.ts',
    'src/mcp.ts',
    ...['ai-sdk', 'openai', 'anthropic', 'mcp-tools'].map((name) => `src/toolsets/${name}.ts`),
  ])('of %s is these names; a removed one is a major release', (path) => {
    expect(exportedNames(textOf(path))).toMatchSnapshot();
  });
});

/** The names that a file lists or declares as exports, types included. */
function exportedNames(text: string): readonly string[] {
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) => names.split(','));
  const declared = [...text.matchAll(/^export (?:declare )?(?:async )?(?:function|const|class|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );
  const names = [...listed.map((name) => name.trim().replace(/^type |^.* as /g, '')), ...declared].filter(Boolean);
  return [...new Set(names)].toSorted();
}

/** One ring of value imports, as a path, or undefined. A dynamic import breaks a ring: it loads later. */
function ring(all: readonly Source[]): readonly string[] | undefined {
  const needs = new Map(
    all.map(({ path, imports }) => [path, imports.flatMap(({ file, kind }) => (file !== undefined && kind === 'value' ? [file] : []))]),
  );
  const done = new Set<string>();
  const walk = (path: string, above: readonly string[]): readonly string[] | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of needs.get(path) ?? []) {
      const found = walk(next, [...above, path]);
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of all) {
    const found = walk(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
