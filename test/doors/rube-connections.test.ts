import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { envelopeOf } from '../seeds/stage.ts';
import { ANYONE, connection, openStage, type RubeStage } from './rube-stage.ts';

function stageWith(...connections: Parameters<typeof connection>): RubeStage {
  const stage = openStage();
  stage.connections.splice(0, 1, ...connections.map(connection));
  return stage;
}

describe('MANAGE_CONNECTIONS', () => {
  it('shows the connection of the user', async () => {
    const { data } = await openStage().call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'] });
    expect(data).toMatchObject({
      results: { close: { status: 'active', has_active_connection: true, connected_account_id: 'ca_1' } },
      summary: { total_toolkits: 1, active_connections: 1 },
    });
  });

  it.each([{ toolkits: ['close'] }, { toolkits: 'Close' }, { toolkit: 'close' }])('gives a link where there is none: %j', async (args) => {
    const stage = openStage();
    stage.connections.splice(0);
    const { data } = await stage.call('RUBE_MANAGE_CONNECTIONS', args);
    const [result] = Object.values(data['results'] as JsonObject);
    expect(result).toMatchObject({
      status: 'initiated',
      redirect_url: expect.stringContaining('/link/'),
      instruction: expect.stringContaining('](http'),
    });
  });

  it.each([{ reinitiate_all: true }, { reinitiate_specific: ['close'] }])('makes a new one when asked: %j', async (more) => {
    const { data } = await openStage().call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'], ...more });
    expect(data).toMatchObject({ results: { close: { status: 'initiated', was_reinitiated: true } } });
  });

  it('tells which toolkits are not here, beside those that are', async () => {
    const { data } = await openStage().call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['gmail', 'close'] });
    expect(data).toMatchObject({
      results: { gmail: { status: 'failed', error_message: expect.stringContaining('served: close') }, close: { status: 'active' } },
      summary: { failed_connections: 1, active_connections: 1 },
    });
  });

  it('takes no key through the agent, and lets no argument say who the user is', async () => {
    const stage = openStage();
    const key = await stage.call('RUBE_MANAGE_CONNECTIONS', {
      toolkits: ['close'],
      specify_custom_auth: { close: { api_key: 'api_secret' } },
    });
    expect(key).toMatchObject({ successful: false, error: expect.stringContaining('never pass through an agent') });
    expect(key.error).not.toContain('api_secret');
    for (const name of ['user_id', 'userId', 'entity_id', 'tenant_key']) {
      const refused = await stage.call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'], [name]: 'grace' });
      expect(refused.error).toMatch(/who the user is follows from the key/);
    }
  });

  it('says what the directory refuses', async () => {
    const stage = openStage();
    stage.connections.splice(0);
    stage.refusal = new RouterError('unsupported_operation', { what: 'no backend makes links', next: 'Configure one.' });
    const { data } = await stage.call('RUBE_MANAGE_CONNECTIONS', { toolkits: ['close'] });
    expect(data).toMatchObject({
      results: { close: { status: 'failed', error_message: expect.stringContaining('no backend makes links') } },
    });
  });
});

describe('WAIT_FOR_CONNECTIONS', () => {
  it.each([
    'RUBE_WAIT_FOR_CONNECTIONS',
    'RUBE_WAIT_FOR_CONNECTION',
    'COMPOSIO_WAIT_FOR_CONNECTIONS',
  ])('%s answers as soon as the user has finished', async (name) => {
    const stage = stageWith({ status: 'pending' });
    const waiting = stage.call(name, { toolkits: ['close'] });
    stage.connections.splice(0, 1, connection());
    expect((await waiting).data).toMatchObject({ results: { close: { status: 'ACTIVE', has_active_connection: true } } });
  });

  it('says so when the user has not finished in time', async () => {
    const { data, successful } = await stageWith({ status: 'pending' }).call('RUBE_WAIT_FOR_CONNECTIONS', {
      toolkits: ['close'],
      timeout_seconds: 0.02,
    });
    expect(successful).toBe(true);
    expect(data).toMatchObject({ message: expect.stringContaining('call again'), results: { close: { status: 'INITIATED' } } });
  });

  it.each([
    [['pending', 'active'], 'ACTIVE'],
    [['active', 'pending'], 'ACTIVE'],
    [['active', 'expired'], 'ACTIVE'],
    [['pending', 'failed'], 'FAILED'],
    [['expired'], 'FAILED'],
    [[], 'NOT_FOUND'],
  ] as const)('with connections that are %j tells %s at once', async (statuses, word) => {
    const stage = openStage();
    stage.connections.splice(0, 1, ...statuses.map((status, at) => connection({ status, id: `ca_${at}` })));
    const { data } = await stage.call('RUBE_WAIT_FOR_CONNECTIONS', { toolkits: ['close'] });
    expect(data).toMatchObject({ results: { close: { status: word } } });
  });

  it('waits for any of them, or for all', async () => {
    const stage = stageWith({ status: 'pending' });
    const toolkits = ['close', 'gmail'];
    const all = await stage.call('RUBE_WAIT_FOR_CONNECTIONS', { toolkits, mode: 'all', timeout_seconds: 0 });
    expect(all.data).toMatchObject({ results: { close: { status: 'INITIATED' }, gmail: { status: 'NOT_FOUND' } } });
    expect(await stage.call('RUBE_WAIT_FOR_CONNECTIONS', { toolkits, mode: 'some' })).toMatchObject({
      error: expect.stringContaining('"any" or "all"'),
    });
    expect(await stage.call('RUBE_WAIT_FOR_CONNECTIONS', { toolkits, timeout_seconds: 'soon' })).toMatchObject({
      error: expect.stringContaining('timeout_seconds'),
    });
  });

  it('ends when its client hangs up', async () => {
    const stage = stageWith({ status: 'pending' });
    const client = await stage.connect({ era: { pin: '2026-07-28' } });
    const hangUp = new AbortController();
    let heard = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const call = client.callTool(
      { name: 'RUBE_WAIT_FOR_CONNECTIONS', arguments: { toolkits: ['close'] } },
      { signal: hangUp.signal, onprogress: () => heard() },
    );
    await waiting;
    hangUp.abort();
    await expect(call).rejects.toThrow();
  });
});

describe('a key that speaks for everybody', () => {
  it('acts for whom the address of the client names', async () => {
    const stage = stageWith({ user: 'grace', id: 'ca_grace' });
    const client = await stage.connect({ key: ANYONE, path: '/mcp?user_id=grace' });
    const { data } = envelopeOf(await client.callTool({ name: 'RUBE_MANAGE_CONNECTIONS', arguments: { toolkits: ['close'] } }));
    expect(data).toMatchObject({ results: { close: { connected_account_id: 'ca_grace' } } });
    await client.callTool({ name: 'CLOSE_WHO_AM_I', arguments: {} });
    expect(stage.calls.map(({ context }) => context.user)).toEqual(['grace']);
  });
});
