import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { openSandbox, type RunningSandbox } from '../src/app.ts';
import { createRouter, isRouterError, type RouterConfig, type SkillRouter } from '../src/index.ts';

let sandbox: RunningSandbox;
let router: SkillRouter;

beforeEach(async () => {
  sandbox = await openSandbox();
  router = createRouter(config());
});
afterEach(async () => {
  await router.close();
  await sandbox.close();
});

function config(more: Partial<RouterConfig> = {}): RouterConfig {
  const { rest, composio } = sandbox.ready.backends;
  return {
    backends: {
      composio: { api_key: composio?.['apiKey'] ?? '', base_url: composio?.url ?? '' },
      rest: { base_url: rest?.url ?? '' },
    },
    users: { ada: { rest: { api_key: rest?.['apiKey'] ?? '' } } },
    store: ':memory:',
    ...more,
  };
}

describe('createRouter', () => {
  it('runs an operation, typed from the catalogue on the way in and out', async () => {
    const made = await router.run('close.lead.create', { name: 'Acme' });
    if (!made.ok) throw new Error(made.error.message);
    expectTypeOf(made.data.id).toEqualTypeOf<string>();
    const read = await router.run('close.lead.get', { lead_id: made.data.id }, { via: 'rest' });
    expect(read).toMatchObject({
      ok: true,
      data: { id: made.data.id, name: 'Acme' },
      receipt: { user: 'ada', route: { backend: 'rest' } },
    });
  });

  it('refuses at compile time what the schema refuses at run time', async () => {
    // @ts-expect-error: a lead has no field of that name
    const unknown = await router.run('close.lead.create', { name: 'Acme', nmae: 'x' });
    // @ts-expect-error: the status is one of a few words
    const wrong = await router.run('close.sms.create', { lead_id: 'lead_1', status: 'sending' });
    // @ts-expect-error: there is no such operation
    const none = await router.run('close.lead.invent', {});
    expect([unknown, wrong, none].map((report) => (report.ok ? 'ok' : report.error.code))).toEqual([
      'invalid_input',
      'invalid_input',
      'unknown_operation',
    ]);
    expect(sandbox.requests()).toEqual([]);
  });

  it('explains, lists connections and covers', async () => {
    const { routes } = await router.explain('close.lead.create', { name: 'A', custom: { cf_x: '1' } });
    expect(routes.map(({ transport }) => transport)).toEqual(['direct', 'proxy']);
    const { connections } = await router.connections.list({ app: 'close', user: 'ada' });
    expect(connections.map(({ backend }) => backend)).toEqual(['composio', 'rest']);
    expect((await router.coverage()).operations).toHaveLength(167);
  });

  it('takes back what a call wrote', async () => {
    const made = await router.run('close.lead.create', { name: 'By mistake' });
    expect(await router.undo(made.receipt?.id ?? '')).toMatchObject({ ok: true, steps: [{ state: 'done', by: 'close.lead.delete' }] });
    await expect(router.undo('call_nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('throws at once for a configuration that is wrong, and repeats none of its secrets', () => {
    const secret = 'api_topsecret';
    // @ts-expect-error: misspelled on purpose
    const make = (): SkillRouter => createRouter({ backends: { rest: { api_kee: secret } } });
    const error = thrown(make);
    expect(isRouterError(error) && error.code).toBe('configuration');
    expect(String(error)).toContain('did you mean "api_key"?');
    expect(String(error)).not.toContain(secret);
  });

  it('sends nothing when its journal cannot be written', async () => {
    const blocked = createRouter(config({ store: '/dev/null/journal.db' }));
    await expect(blocked.run('close.lead.create', { name: 'Acme' })).rejects.toMatchObject({ code: 'configuration' });
    expect(sandbox.requests()).toEqual([]);
    await blocked.close();
  });
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
