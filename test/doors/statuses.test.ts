import { describe, expect, it } from 'vitest';
import { STATUS as COMPOSIO_WORDS } from '../../adapters/composio/status.ts';
import { STATUS as SCALEKIT_NUMBERS } from '../../adapters/scalekit/status.ts';
import { type ConnectionStatus, STATUSES } from '../../src/contract/connection.ts';
import { USER } from '../contract/clients.ts';
import { startingWorld } from '../contract/reference.ts';
import { type Adapted, adapt, type Name } from '../contract/rig.ts';
import { textOf } from '../support/sources.ts';

/** What the wire says, and what we make of it. `shown` is what `connections list` tells as the backend's own word. */
interface Row {
  readonly word: string;
  readonly ours: ConnectionStatus;
  readonly shown?: string;
}

const WORDS: Readonly<Record<'composio' | 'membrane' | 'scalekit', readonly Row[]>> = {
  composio: [
    { word: 'INITIALIZING', ours: 'pending' },
    { word: 'INITIATED', ours: 'pending' },
    { word: 'PENDING', ours: 'pending' },
    { word: 'ACTIVE', ours: 'active' },
    { word: 'FAILED', ours: 'failed' },
    { word: 'EXPIRED', ours: 'expired' },
    { word: 'INACTIVE', ours: 'disabled' },
    { word: 'REVOKED', ours: 'revoked' },
    { word: 'PAUSED_BY_SOMEBODY', ours: 'unknown' },
  ],
  membrane: [
    { word: 'READY', ours: 'active' },
    { word: 'BUILDING', ours: 'pending' },
    { word: 'SETUP_IN_PROGRESS', ours: 'pending' },
    { word: 'CLIENT_ACTION_REQUIRED', ours: 'pending', shown: 'CLIENT_ACTION_REQUIRED: Connect the account' },
    { word: 'SETUP_FAILED', ours: 'failed', shown: 'SETUP_FAILED: The connection could not be set up' },
    { word: 'CONFIGURATION_ERROR', ours: 'failed', shown: 'CONFIGURATION_ERROR: The connection could not be set up' },
    { word: 'ERROR', ours: 'failed', shown: 'ERROR: The connection could not be set up' },
    { word: 'DISCONNECTED', ours: 'expired' },
    { word: 'NOT_CONFIGURED', ours: 'expired' },
    { word: 'disconnected', ours: 'expired', shown: 'READY: disconnected' },
    { word: 'isDefunct', ours: 'expired', shown: 'READY: defunct' },
    { word: 'DISCONNECTING', ours: 'revoked' },
    { word: 'isDeactivated', ours: 'disabled', shown: 'READY: deactivated' },
    { word: 'HIBERNATING', ours: 'unknown' },
  ],
  scalekit: [
    { word: 'CONNECTION_STATUS_UNSPECIFIED', ours: 'unknown' },
    { word: 'ACTIVE', ours: 'active' },
    { word: 'EXPIRED', ours: 'expired' },
    { word: 'PENDING_AUTH', ours: 'pending' },
    { word: 'PENDING_VERIFICATION', ours: 'pending' },
    { word: 'DISCONNECTED', ours: 'revoked' },
    { word: '77', ours: 'unknown', shown: 'status 77' },
  ],
};

/** What a backend has no state for, and what stands there instead. */
const NEVER: Readonly<Record<Name, readonly ConnectionStatus[]>> = {
  composio: [],
  membrane: [],
  scalekit: ['failed', 'disabled'],
  rest: ['pending', 'expired', 'revoked', 'disabled', 'unknown'],
};

async function listed({ core, adapter }: Adapted) {
  const { connections } = await core.router.connections.list({ app: 'close', user: USER });
  return connections.filter(({ backend }) => backend === adapter);
}

describe.each(['composio', 'membrane', 'scalekit'] as const)('%s, its door seen through its adapter', (name) => {
  it.each(WORDS[name])('$word on the wire is $ours to us', async ({ word, ours, shown = word }) => {
    await using adapted = await adapt(name, startingWorld());
    adapted.sandbox.change(name, adapted.connection, { status: ours, detail: word });
    expect(await listed(adapted)).toMatchObject([{ connection: adapted.connection, status: ours, detail: shown }]);
  });

  it('can say every status but those that its page excuses', () => {
    const said = new Set(WORDS[name].map(({ ours }) => ours));
    expect(STATUSES.filter((status) => !said.has(status))).toEqual(NEVER[name]);
  });

  it('runs nothing through a connection that is not active', async () => {
    await using adapted = await adapt(name, startingWorld());
    for (const { word, ours } of WORDS[name].filter((row) => row.ours !== 'active')) {
      adapted.sandbox.change(name, adapted.connection, { status: ours, detail: word });
      await adapted.core.router.connections.list({ app: 'close', user: USER });
      const report = await adapted.core.router.run('close.lead.create', { name: 'Northpine' }, { user: USER });
      expect(report, word).toMatchObject({ ok: false, error: { code: 'connection_required' } });
    }
    expect(adapted.stage.calls).toEqual([]);
  });
});

describe('rest', () => {
  it('knows no state: a key is active until the app, when it is asked, refuses it', async () => {
    await using adapted = await adapt('rest', startingWorld());
    const { router } = adapted.core;
    for (const status of STATUSES.filter((one) => one !== 'active')) {
      adapted.sandbox.change('rest', adapted.connection, { status });
      expect(await listed(adapted)).toMatchObject([{ status: 'active', detail: 'configured' }]);
      const checked = await router.connections.check({ app: 'close', user: USER });
      expect(checked).toMatchObject({ failed: 1, connections: [{ status: 'failed', detail: expect.stringContaining('unauthenticated') }] });
    }
    adapted.sandbox.change('rest', adapted.connection, { status: 'active' });
    expect(await router.connections.check({ app: 'close', user: USER })).toMatchObject({ failed: 0, connections: [{ status: 'active' }] });
  });
});

it('membrane does not list what is archived, unless it is asked for', async () => {
  await using adapted = await adapt('membrane', startingWorld());
  adapted.sandbox.change('membrane', adapted.connection, { status: 'revoked', detail: 'archivedAt' });
  expect(await listed(adapted)).toEqual([]);
});

describe('the pages of the backends', () => {
  const pageOf = (name: string): string => textOf(`adapters/${name}/README.md`);

  it.each(['composio', 'membrane', 'scalekit'] as const)('say of every word of %s what it means', (name) => {
    const rows = pageOf(name).split('\n');
    for (const { word, ours } of WORDS[name].filter((row) => row.ours !== 'unknown')) {
      expect(rows, word).toContainEqual(expect.stringMatching(new RegExp(`^\\|.*\\b${word}\\b.*\\| \`${ours}\` \\|`)));
    }
  });

  it.each(Object.entries(NEVER))('say which statuses %s never has', (name, never) => {
    for (const status of never) expect(pageOf(name)).toMatch(new RegExp(`^\\| never \\|.*\`${status}\``, 'm'));
    for (const status of STATUSES.filter((one) => !never.includes(one))) {
      expect(pageOf(name), status).toMatch(new RegExp(`^\\|.*\\| \`${status}\` \\|`, 'm'));
    }
  });

  it('know all words of the tables in the code', () => {
    expect(WORDS.composio.flatMap(({ word, ours }) => (ours === 'unknown' ? [] : [word]))).toEqual(Object.keys(COMPOSIO_WORDS));
    expect(WORDS.scalekit.map(({ word }) => word).slice(0, -1)).toEqual(SCALEKIT_NUMBERS.map(({ name }) => name));
  });
});
