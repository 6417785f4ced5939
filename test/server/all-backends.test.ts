import { Composio } from '@composio/core';
import { MembraneClient } from '@membranehq/sdk';
import { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import type { Opened } from './stage.ts';
import { ADA_KEY, ANY_KEY, openDoors } from './stage.ts';

const ALL = ['composio', 'membrane', 'scalekit', 'rest'] as const;

/** One lead made by each door's own client, written as its vendor's documentation shows. */
const CREATE: Readonly<Record<(typeof ALL)[number], (opened: Opened, name: string) => Promise<string | undefined>>> = {
  composio: async ({ at }, name) => {
    const composio = new Composio({ apiKey: ANY_KEY, baseURL: at('composio'), allowTracking: false, disableVersionCheck: true });
    const { data } = await composio.tools.execute('CLOSE_CREATE_LEAD', { userId: 'ada', version: '20260915_00', arguments: { name } });
    return String(data['id']);
  },
  membrane: async ({ at }, name) => {
    const client = new MembraneClient({ workspaceKey: 'any', workspaceSecret: ANY_KEY, tenantKey: 'ada', apiUri: at('membrane') });
    const { items } = await client.connections.find({ integrationKey: 'close' });
    const { output } = await client.action('create-lead').run({ name }, { connectionId: items[0]?.id ?? '' });
    return String(output.id);
  },
  scalekit: async ({ at }, name) => {
    const scalekit = new ScalekitClient(at('scalekit'), 'any', ANY_KEY);
    const { data } = await scalekit.actions.executeTool({
      toolName: 'close_lead_create',
      identifier: 'ada',
      connector: 'close',
      toolInput: { name },
    });
    return String(data?.['id']);
  },
  rest: async ({ at }, name) => {
    const authorization = `Basic ${Buffer.from(`${ADA_KEY}:`).toString('base64')}`;
    const response = await fetch(`${at('rest')}/lead/`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    return String(((await response.json()) as { id: unknown }).id);
  },
};

describe('every door in front of a router over all backends', () => {
  it.each(ALL)('%s: its documented call works although the user has four connections', async (door) => {
    const opened = await openDoors(ALL);
    expect(await CREATE[door](opened, 'Acme')).toMatch(/^lead_/);
    expect(opened.world.ledger().filter(({ operation }) => operation.endsWith('lead.create'))).toHaveLength(1);
  });

  it.each(['composio', 'scalekit', 'rest'] as const)('%s: the call goes on when the connection in use expires', async (door) => {
    const opened = await openDoors(ALL);
    await CREATE[door](opened, 'First');
    const [used] = await opened.sandbox.connections('composio');
    opened.sandbox.change('composio', used?.id ?? '', { status: 'expired' });
    const before = opened.sandbox.counts();
    expect(await CREATE[door](opened, 'Second')).toMatch(/^lead_/);
    expect(opened.sandbox.counts()).not.toEqual(before);
    expect(opened.world.ledger().filter(({ operation }) => operation.endsWith('lead.create'))).toHaveLength(2);
  });

  it('scalekit: a user has its tools once, however many connections there are', async () => {
    const { at } = await openDoors(ALL);
    const scalekit = new ScalekitClient(at('scalekit'), 'any', ANY_KEY);
    const { totalSize } = await scalekit.tools.listScopedTools('ada', { filter: { connectionNames: ['close'] } as never });
    expect(totalSize).toBe(81);
  });
});
