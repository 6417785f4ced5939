import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Adapter, HttpCall, Reply, ToolCall } from '../src/contract/index.ts';
import { type BindingDeclaration, createApp, createRouter, type Extensions, intent, operation, type RouterConfig } from '../src/index.ts';
import { type Sandbox, startSandbox } from '../src/sandbox.ts';

/** An app of somebody who has only the package: notes on a pinboard. */
const note = z.looseObject({ id: z.string(), text: z.string() });

const me = operation({
  app: 'notes',
  id: 'me.get',
  summary: 'Who am I',
  input: z.strictObject({}),
  output: z.looseObject({ id: z.string() }),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/me' },
  example: {},
});

const pin = operation({
  app: 'notes',
  id: 'note.create',
  summary: 'Pin a note to the board',
  input: z.strictObject({ text: z.string().min(1), colour: z.enum(['red', 'blue']).optional() }),
  output: note,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'none', why: 'the board has no search' },
  http: { method: 'POST', path: '/notes' },
  example: { text: 'Milk' },
});

const shout = intent({
  app: 'notes',
  id: 'note.shout',
  summary: 'Pin a note in capitals',
  input: z.strictObject({ text: z.string() }),
  output: note,
  effect: 'write',
  operation: 'note.create',
  run: ({ text }, call) => call('note.create', { text: String(text).toUpperCase() }),
  example: { text: 'Milk' },
});

const notes = createApp({
  id: 'notes',
  operations: [me, pin, shout],
  identity: { operation: 'me.get', account: () => ({ organization: 'home', user: 'ada' }) },
});

/** A backend of one's own: a tool for notes without a colour, the app's own requests for everything. */
class Board implements Adapter {
  readonly backend = 'board';
  readonly can = { tool: true, http: 'direct', connect: 'key' } as const;
  readonly #sent: (ToolCall | HttpCall)[] = [];
  status = 200;

  get sent(): readonly unknown[] {
    return this.#sent.map(({ connection: _connection, ...call }) => call);
  }
  async connections({ app, user }: { readonly app: string; readonly user: string }) {
    return [{ id: 'board_1', backend: 'board', app, user, status: 'active' as const, checkedAt: '2026-03-02T09:00:00.000Z' }];
  }
  async invoke(call: ToolCall): Promise<Reply> {
    this.#sent.push(call);
    return { kind: 'tool', data: { id: 'note_1', text: call.arguments['body'] } };
  }
  async request(call: HttpCall): Promise<Reply> {
    this.#sent.push(call);
    return { kind: 'http', status: this.status, headers: { 'Retry-After': '7' }, body: { id: 'note_2', ...call.body } };
  }
  async connect() {
    return { how: 'Put a key into the drawer.' };
  }
  async close() {}
}

const onBoard: BindingDeclaration = {
  backend: 'board',
  app: 'notes',
  default: { direct: true },
  cells: { 'note.create': { tool: 'PIN', accepts: ['text'], rename: { text: 'body' } } },
};

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

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

describe('an app of one’s own', () => {
  it('runs over a backend of one’s own, beside Close, and neither backend is asked about the other’s app', async () => {
    const board = new Board();
    await using router = createRouter(config(), { apps: [notes], adapters: [board], bindings: [onBoard] });
    const pinned = await router.run('notes.note.create', { text: 'Milk' });
    expect(pinned).toMatchObject({
      ok: true,
      data: { id: 'note_1', text: 'Milk' },
      receipt: { route: { backend: 'board', transport: 'tool' } },
    });
    expect(board.sent).toEqual([{ tool: 'PIN', arguments: { body: 'Milk' }, read: false }]);
    expect(sandbox.requests()).toEqual([]);
    const lead = await router.run('close.lead.create', { name: 'Acme' });
    expect(lead).toMatchObject({ ok: true, data: { name: 'Acme' } });
    expect(board.sent).toHaveLength(1);
  });

  it('has its input checked, its intents played, and its fields carried by whichever road has them', async () => {
    const board = new Board();
    await using router = createRouter({ backends: {}, store: ':memory:' }, { apps: [notes], adapters: [board], bindings: [onBoard] });
    expect(await router.run('notes.note.create', { txt: 'Milk' })).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    expect(await router.run('notes.note.make', {})).toMatchObject({
      error: { code: 'unknown_operation', message: expect.stringContaining('notes.note.create') },
    });
    expect(await router.run('notes.note.shout', { text: 'Milk' })).toMatchObject({ data: { text: 'MILK' } });
    expect(await router.run('notes.note.create', { text: 'Milk', colour: 'red' })).toMatchObject({ data: { id: 'note_2', colour: 'red' } });
    expect(board.sent.at(-1)).toMatchObject({ method: 'POST', path: '/notes', body: { text: 'Milk', colour: 'red' } });
    const { operations } = await router.coverage('notes');
    expect(operations).toContainEqual(
      expect.objectContaining({ id: 'note.create', backends: { board: { transport: 'tool', tool: 'PIN' } } }),
    );
  });

  it.each([
    [404, 'not_found'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [503, 'outcome_unknown'],
  ])('whose errors nobody described has those of HTTP: %d is %s', async (status, code) => {
    const board = Object.assign(new Board(), { status });
    await using router = createRouter({ backends: {}, store: ':memory:' }, { apps: [notes], adapters: [board], bindings: [onBoard] });
    const report = await router.run('notes.note.create', { text: 'Milk', colour: 'red' }, { timeoutMs: 2000 });
    expect(report).toMatchObject({ ok: false, error: { code } });
  });

  it('obeys a policy that names its operations and its backend', async () => {
    const policy = { deny: ['notes.note.*'], prefer: ['board'] };
    const board = new Board();
    await using router = createRouter(config({ policy }), { apps: [notes], adapters: [board], bindings: [onBoard] });
    expect(await router.run('notes.note.create', { text: 'Milk' })).toMatchObject({ error: { code: 'policy_denied' } });
    expect(board.sent).toEqual([]);
  });
});

describe('an operation of one’s own', () => {
  const leadTitle = operation({
    app: 'close',
    id: 'lead.title',
    summary: 'Read only the name of a lead',
    input: z.strictObject({ lead_id: z.string() }),
    output: z.looseObject({}),
    effect: 'read',
    idempotent: true,
    confirm: { how: 'none', why: 'a read changes nothing' },
    http: { method: 'GET', path: '/lead/{lead_id}/' },
    example: { lead_id: 'lead_1' },
  });
  const overRest: BindingDeclaration = { backend: 'rest', app: 'close', cells: { 'lead.title': { direct: true } } };

  it('joins those of Close, on the backend that it is bound to', async () => {
    await using router = createRouter(config(), { operations: [leadTitle], bindings: [overRest] });
    const made = await router.run('close.lead.create', { name: 'Acme' });
    if (!made.ok) throw new Error(made.error.message);
    const read = await router.run('close.lead.title', { lead_id: made.data.id });
    expect(read).toMatchObject({ ok: true, data: { name: 'Acme' }, receipt: { route: { backend: 'rest', transport: 'direct' } } });
    expect(read.receipt?.verdicts).toContainEqual(expect.objectContaining({ backend: 'composio', reason: 'unsupported_operation' }));
  });

  it('can give a built-in operation another road', async () => {
    const none: BindingDeclaration = {
      backend: 'composio',
      app: 'close',
      cells: { 'lead.create': { none: 'leads are made over REST here' } },
    };
    await using router = createRouter(config(), { bindings: [none] });
    const { routes, verdicts } = await router.explain('close.lead.create', { name: 'Acme' });
    expect(routes.map(({ backend }) => backend)).toEqual(['rest']);
    expect(verdicts).toContainEqual(expect.objectContaining({ backend: 'composio', detail: 'leads are made over REST here' }));
  });

  it.each<{ when: string; extensions: Extensions; says: RegExp }>([
    { when: 'its name is taken', extensions: { operations: [{ ...leadTitle, id: 'lead.get' }] }, says: /close\.lead\.get is there twice/ },
    {
      when: 'its app is not there',
      extensions: { operations: [{ ...leadTitle, app: 'clsoe' }] },
      says: /clsoe\.lead\.title belongs to an app/,
    },
    {
      when: 'the binding names another',
      extensions: { operations: [leadTitle], bindings: [{ ...overRest, cells: { 'lead.titel': { direct: true } } }] },
      says: /cells\.lead\.titel: unknown operation lead\.titel; did you mean lead\.title\?.*lead\.title has no cell/,
    },
    {
      when: 'a tool cannot carry what it requires',
      extensions: {
        operations: [leadTitle],
        bindings: [{ ...overRest, backend: 'composio', cells: { 'lead.title': { tool: 'T', accepts: [] } } }],
      },
      says: /lead\.title requires lead_id, which the tool does not accept/,
    },
    {
      when: 'nobody knows the backend',
      extensions: { bindings: [{ ...overRest, backend: 'rset' }] },
      says: /"rset", which has no adapter/,
    },
    {
      when: 'two adapters have one name',
      extensions: { adapters: [new Board(), new Board()] },
      says: /two adapters for the backend "board"/,
    },
  ])('is refused before anything is sent when $when', async ({ extensions, says }) => {
    await using router = createRouter(config(), extensions);
    await expect(router.run('close.lead.list', {})).rejects.toMatchObject({ code: 'configuration', message: expect.stringMatching(says) });
    expect(sandbox.requests()).toEqual([]);
  });
});
