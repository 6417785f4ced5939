import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { configFor, NAMES, type Name } from '../contract/rig.ts';
import { runSpied } from '../support/loaded.ts';

/** What each backend brings with it. */
const BRINGS: Readonly<Record<Name, RegExp>> = {
  composio: /^adapters\/composio\/|^@composio\//,
  membrane: /^adapters\/membrane\/|^@membranehq\//,
  rest: /^adapters\/rest\//,
  scalekit: /^adapters\/scalekit\/|^@scalekit-sdk\/|^@connectrpc\/|^@bufbuild\//,
};

const folder = mkdtempSync(join(tmpdir(), 'skillrouter-loading-'));
let sandbox: Sandbox<World>;
beforeAll(async () => {
  const doors = await Promise.all(NAMES.map(async (name) => [name, await BACKENDS[name].door({ app: closeApp })] as const));
  sandbox = await startSandbox({ world: createWorld({ data: 'demo' }), doors: Object.fromEntries(doors), serve, user: 'ada' });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** A configuration of this one backend; its values come from the environment, as secrets have to. */
function configure(name: Name): Readonly<Record<string, string>> {
  const { backends, users, defaultUser } = configFor(name, sandbox.ready.backends[name] ?? { url: '' });
  const env: Record<string, string> = {};
  const hidden = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hidden(one)]));
    const variable = `VALUE_${Object.keys(env).length}`;
    env[variable] = String(value);
    return `\${${variable}}`;
  };
  const config = { backends: hidden(backends), users: hidden(users), default_user: defaultUser, store: './journal.db' };
  writeFileSync(join(folder, 'skillrouter.yaml'), JSON.stringify(config));
  return env;
}

describe.each(NAMES.map((name) => ({ name })))('a user of $name alone', ({ name }) => {
  it('pays for loading no other backend, and no part of its SDK', async () => {
    const env = configure(name);
    const { code, loaded, stdout } = await runSpied(['run', 'lead.list', '--limit', '1', '--json'], { cwd: folder, env });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`"backend":"${name}"`)]);
    expect(loaded.filter((module) => BRINGS[name].test(module))).not.toEqual([]);
    const others = NAMES.filter((other) => other !== name);
    expect(loaded.filter((module) => others.some((other) => BRINGS[other].test(module)))).toEqual([]);
  });
});

it('a second run loads neither the query builder nor a server', async () => {
  const env = configure('rest');
  const args = ['run', 'lead.list', '--limit', '1', '--json'];
  await runSpied(args, { cwd: folder, env });
  const { code, loaded } = await runSpied(args, { cwd: folder, env });
  expect(code).toBe(0);
  expect(loaded.filter((module) => /^(?:kysely|pg|pg-boss|hono|@hono\/.*|@modelcontextprotocol\/.*|cli-table3)$/.test(module))).toEqual([]);
});
