import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Config } from '../../src/config/config.ts';
import { type ConnectionStatus, STATUSES } from '../../src/contract/connection.ts';
import { type Core, openCore } from '../../src/core.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { configFor, NAMES, type Name } from '../contract/rig.ts';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

/** Those that hold connections with a state of their own; a key of the app is there or it is not. */
const KEEPERS = NAMES.filter((name) => name !== 'rest');
const QUERY = { app: 'close', user: 'ada' };

let world: World;
let sandbox: Sandbox<World>;
let core: Core;

/** Scalekit has no state for these two; what it says instead is as little usable. */
const TOLD: Readonly<Record<string, Partial<Record<ConnectionStatus, ConnectionStatus>>>> = {
  scalekit: { failed: 'expired', disabled: 'revoked' },
};

const firsts = new Map<string, { readonly id: string }>();

function firstOf(backend: Name): { readonly id: string } {
  const found = firsts.get(backend);
  if (!found) throw new Error(`${backend} has no connection from the start`);
  return found;
}

async function open(): Promise<void> {
  world = createWorld({ switches: { rateLimits: false } });
  const doors = await Promise.all(NAMES.map(async (name) => [name, await BACKENDS[name].door({ app: closeApp })] as const));
  sandbox = await startSandbox({ world, doors: Object.fromEntries(doors), serve, user: 'ada' });
  core = await openCore(everything());
  for (const name of NAMES) {
    const [first] = await sandbox.connections(name);
    if (first) firsts.set(name, first);
  }
}

async function close(): Promise<void> {
  await core.close();
  await sandbox.close();
}

/** All backends of the sandbox in one configuration. */
function everything(): Config {
  const configs = NAMES.map((name) => configFor(name, sandbox.ready.backends[name] ?? { url: '' }));
  const [first] = configs;
  if (!first) throw new Error('there are backends');
  return {
    ...first,
    backends: Object.assign({}, ...configs.map(({ backends }) => backends)),
    users: { ada: Object.assign({}, ...configs.map(({ users }) => users['ada'])) },
  };
}

/** As the user would write it, secrets in the environment. */
function written(config: Config): { readonly text: string; readonly env: Record<string, string> } {
  const env: Record<string, string> = {};
  const variable = (...path: readonly string[]): string => path.join('_').toUpperCase();
  const section = (settings: object, ...path: readonly string[]): string =>
    Object.entries(settings)
      .map(([key, value]) => {
        const name = variable(...path, key);
        env[name] = String(value);
        return `${key}: "\${${name}}"`;
      })
      .join(', ');
  const backends = Object.entries(config.backends).map(([name, settings]) => `  ${name}: { ${section(settings, name)} }`);
  const user = `  ada: { rest: { ${section(config.users['ada']?.['rest'] ?? {}, 'ada')} } }`;
  return { text: `backends:\n${backends.join('\n')}\nusers:\n${user}\ndefault_user: ada\n`, env };
}

describe('connections list', () => {
  const scratch = useScratch();
  beforeAll(open);
  afterAll(close);

  it('tells all seven statuses, as far as each backend has them', async () => {
    const wanted = KEEPERS.flatMap((backend) =>
      STATUSES.map((status) => {
        const { id } = status === 'active' ? firstOf(backend) : sandbox.connect(backend, 'ada');
        // Composio has no word for it: one that nobody has seen before.
        sandbox.change(backend, id, { status, ...(status === 'unknown' ? { detail: 'SUSPENDED' } : {}) });
        return { backend, connection: id, status: TOLD[backend]?.[status] ?? status };
      }),
    );
    const { text, env } = written(everything());
    writeFileSync(join(scratch(), 'skillrouter.yaml'), text);
    const { lines, code, stderr } = await runCli(['connections', 'list', '--json'], { cwd: scratch(), env });
    const [report] = lines as unknown as [
      { connections: { backend: string; connection: string; status: string }[]; unreachable: unknown[] },
    ];
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(report.unreachable).toEqual([]);
    const told = report.connections.map(({ backend, connection, status }) => ({ backend, connection, status }));
    expect(told.filter(({ backend }) => backend !== 'rest')).toEqual(expect.arrayContaining(wanted));
    expect(told).toHaveLength(wanted.length + 1);
    expect(told.filter(({ backend }) => backend === 'rest')).toMatchObject([{ status: 'active' }]);
    for (const row of report.connections)
      expect(row).toEqual(
        expect.objectContaining({ app: 'close', user: 'ada', account: null, checked_at: expect.stringMatching(/^\d{4}-/) }),
      );
  });
});

describe('connections wait', () => {
  beforeAll(open);
  afterAll(close);

  it.each(KEEPERS)('over %s returns when the user has finished, and the app answers', async (backend) => {
    const user = `carol-${backend}`;
    const link = await core.router.connections.connect({ app: 'close', user, backend });
    const seen: string[] = [];
    const found = await core.router.connections.wait({ app: 'close', user, backend, timeoutMs: 15_000 }, (status) => {
      if (seen.length === 0) sandbox.complete(link.url ?? '');
      seen.push(status);
    });
    expect(link.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(seen[0]).toMatch(/^(?:pending|not connected)$/);
    expect(found).toMatchObject({ backend, user, status: 'active', account: { label: expect.stringContaining('Fernhill') } });
    if (link.connection !== undefined) expect(found.id).toBe(link.connection);
  });

  it.each(KEEPERS)('over %s goes on while the status says active and the app says no', async (backend) => {
    const [key = ''] = world.keys().map((one) => one.key);
    world.revoke(key);
    try {
      const waiting = core.router.connections.wait({ ...QUERY, backend, timeoutMs: 300 }, () => undefined);
      await expect(waiting).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('active') });
    } finally {
      world.restore(key);
    }
  });

  it.each(KEEPERS)('over %s ends at once when the backend does not take our credentials', async (backend) => {
    const { backends, ...config } = everything();
    const wrong = Object.fromEntries(
      Object.entries(backends[backend] ?? {}).map(([key, value]) => [key, /key|secret/.test(key) ? 'wrong' : value]),
    );
    await using locked = await openCore({ ...config, backends: { [backend]: wrong } });
    const waiting = locked.router.connections.wait({ ...QUERY, backend, timeoutMs: 15_000 }, () => undefined);
    await expect(waiting).rejects.toMatchObject({ code: 'unauthenticated', message: expect.stringContaining(`backends.${backend}.`) });
  });

  it.each(KEEPERS)('over %s ends at once when the connection was revoked', async (backend) => {
    const { id } = sandbox.connect(backend, 'dora');
    sandbox.change(backend, id, { status: 'revoked' });
    const waiting = core.router.connections.wait(
      { app: 'close', user: 'dora', backend, connection: id, timeoutMs: 15_000 },
      () => undefined,
    );
    await expect(waiting).rejects.toMatchObject({ code: 'connection_required' });
  });
});

describe('connections check', () => {
  beforeEach(open);
  afterEach(close);

  it('asks the app through every backend who it is', async () => {
    const report = await core.router.connections.check(QUERY);
    expect(report).toMatchObject({ failed: 0, unreachable: [] });
    expect(report.connections.map(({ backend }) => backend).toSorted()).toEqual([...NAMES].toSorted());
    expect(new Set(report.connections.map(({ account }) => account))).toEqual(new Set([world.keys()[0]?.label]));
  });

  it('believes the app, not the status', async () => {
    world.revoke(world.keys()[0]?.key ?? '');
    const report = await core.router.connections.check(QUERY);
    expect(report.failed).toBe(NAMES.length);
    expect(report.connections.map(({ status }) => status)).toEqual(NAMES.map(() => 'failed'));
    expect(await core.router.connections.list(QUERY)).toMatchObject({ connections: NAMES.map(() => ({ status: 'active' })) });
  });

  it('tells two organizations apart, and the router refuses to guess between them', async () => {
    const other = world.keys().find(({ organizationId }) => organizationId !== world.keys()[0]?.organizationId)?.key;
    sandbox.connect('scalekit', 'ada', other);
    const { connections } = await core.router.connections.check(QUERY);
    expect(new Set(connections.map(({ account }) => account)).size).toBe(2);
    const report = await core.router.run('close.lead.create', { name: 'Whose?' }, { user: 'ada' });
    expect(report).toMatchObject({ ok: false, error: { code: 'ambiguous_account' } });
    expect(world.ledger()).toEqual([]);
  });

  it.each(KEEPERS)('shows the other backends while %s is down', async (backend) => {
    sandbox.fault({ backend, when: 'before', kind: 'html', status: 502, times: 'always' });
    const { connections, unreachable } = await core.router.connections.list(QUERY);
    expect(unreachable).toMatchObject([{ backend }]);
    expect(connections.map((one) => one.backend).toSorted()).toEqual(NAMES.filter((name) => name !== backend).toSorted());
  });
});
