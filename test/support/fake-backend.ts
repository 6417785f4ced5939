import type { Adapter, Capabilities, HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { BackendId } from '../../src/contract/backend.ts';
import type { Binding, Cell } from '../../src/contract/binding.ts';
import type { Account, Connection } from '../../src/contract/connection.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { Journal, JournalEntry, KeyState, Keys } from '../../src/contract/journal.ts';

/** The two Close organisations of these tests, and the user that connections belong to. */
export const ADA: Account = { organization: 'orga_one', user: 'user_ada', label: 'One (Ada)' };
export const BOB: Account = { organization: 'orga_two', user: 'user_bob', label: 'Two (Bob)' };

export function connection(backend: BackendId, overrides: Partial<Connection> = {}): Connection {
  return { id: `${backend}_1`, backend, app: 'close', user: 'ada', status: 'active', checkedAt: '2026-03-02T09:00:00.000Z', ...overrides };
}

export const failure = (
  code: ErrorCode,
  delivery: 'not-sent' | 'answered' | 'unknown',
  origin: 'app' | 'backend' | 'network' = 'app',
): Reply => ({
  kind: 'failed',
  failure: { code, delivery, what: `scripted ${code}`, origin },
});

export const answered = (body: unknown, status = 200): Reply => ({ kind: 'http', status, headers: {}, body });

export interface FakeBackend {
  readonly adapter: Adapter;
  readonly bindings: readonly Binding[];
  /** What reached it, `me.get` probes apart. */
  readonly sent: (HttpCall | ToolCall)[];
  /** What it holds; change it to flip a status. */
  connections: Connection[];
}

/** A backend without a wire: its connections are a list, its replies a function. `/me/` answers with the connection's account. */
export function fakeBackend(
  backend: BackendId,
  options: {
    readonly connections?: readonly Connection[];
    readonly reply?: (call: HttpCall | ToolCall) => Reply | Promise<Reply>;
    readonly accounts?: Readonly<Record<string, Account>>;
    readonly can?: Partial<Capabilities>;
    readonly cells?: Readonly<Record<string, Cell>>;
    readonly unreachable?: () => Error | undefined;
  } = {},
): FakeBackend {
  const { reply = () => answered({ id: 'lead_1' }), accounts = {}, can = {}, cells = {}, unreachable } = options;
  const sent: (HttpCall | ToolCall)[] = [];
  const fake = { connections: [...(options.connections ?? [connection(backend)])] };
  const answer = async (call: HttpCall | ToolCall): Promise<Reply> => {
    if ('path' in call && call.path === '/me/') return me(accounts[call.connection.id] ?? ADA);
    sent.push(call);
    return reply(call);
  };
  const adapter: Adapter = {
    backend,
    can: { tool: true, http: 'proxy', connect: 'link', ...can },
    connections: async () => {
      const error = unreachable?.();
      if (error) throw error;
      return fake.connections;
    },
    invoke: answer,
    request: answer,
    connect: async () => ({ url: `https://${backend}.example/link`, how: 'Open the link.' }),
    close: async () => undefined,
  };
  const everywhere = new Proxy(cells, { get: (own, id) => own[String(id)] ?? { transport: 'proxy' } });
  return Object.assign(fake, { adapter, sent, bindings: [{ backend, app: 'close', source: 'invented', cells: everywhere, inbound: {} }] });
}

/** A journal that forgets everything when the test ends. */
export function memoryJournal(): Journal & { readonly entries: JournalEntry[] } {
  const entries: JournalEntry[] = [];
  const accounts = new Map<string, { account: Account; at: string }>();
  const objects = new Set<string>();
  return {
    entries,
    record: async (entry) => void entries.push(entry),
    list: async () => entries.toReversed(),
    show: async (id) => entries.find(({ receipt }) => receipt.id === id),
    account: async (backend, id) => accounts.get(`${backend}:${id}`),
    rememberAccount: async (backend, id, account, at) => void accounts.set(`${backend}:${id}`, { account, at }),
    lastUses: async () => ({}),
    claimed: async (_, ids) => new Set(ids.filter((id) => objects.has(id))),
    claim: async (_, id) => !objects.has(id) && objects.add(id).has(id),
    keys: memoryKeys(),
    close: async () => undefined,
  };
}

function me({ organization, user }: Account): Reply {
  return answered({ id: user, first_name: 'A', last_name: 'B', organizations: [{ id: organization, name: organization }] });
}

function memoryKeys(): Keys {
  const held = new Map<string, KeyState & { owner: string }>();
  const id = ({ user, key }: { readonly user: string; readonly key: string }) => `${user}/${key}`;
  return {
    take: async (request, owner, at, until) => {
      const found = held.get(id(request));
      if (found) return found;
      held.set(id(request), { state: 'open', hash: request.hash, owner, at, until });
      return { state: 'mine' };
    },
    takeOver: async (request, from, owner, until) => {
      const found = held.get(id(request));
      if (!found || found.owner !== from || found.state === 'done' || found.state === 'mine') return false;
      held.set(id(request), { ...found, owner, until });
      return true;
    },
    sending: async (request, owner, at) => {
      if (held.get(id(request))?.owner !== owner) return false;
      held.set(id(request), { state: 'sent', hash: request.hash, owner, at, until: '9999' });
      return true;
    },
    settle: async (request, owner, data) => void held.set(id(request), { state: 'done', hash: request.hash, data, owner }),
    release: async (request) => void held.delete(id(request)),
    abandon: async (request, _owner, at) => void held.set(id(request), { state: 'sent', hash: request.hash, owner: '', at, until: at }),
    forget: async () => 0,
  };
}
