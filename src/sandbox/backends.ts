import type { BackendId } from '../contract/backend.ts';
import type { Connection, ConnectionStatus } from '../contract/connection.ts';
import type { Caller, Directory, DirectoryQuery } from '../contract/door.ts';
import { RouterError } from '../contract/errors.ts';
import type { CallContext, CanonicalCall, Executor, Outcome } from '../contract/executor.ts';
import { defined } from '../contract/guards.ts';
import type { Credentials } from './credentials.ts';
import { base62, hex } from './derived.ts';

/** What the backends of the sandbox need of the app behind them. */
export interface AppWorld {
  /** Whoever may act in the app. The first is the one that connections get when nobody chooses. */
  keys(): readonly AppKey[];
  run(call: CanonicalCall, actor: AppCaller): Outcome | Promise<Outcome>;
}

export interface AppCaller {
  readonly key: string;
  /** Hours east of UTC. */
  readonly tzOffset?: number;
}

export interface AppKey {
  readonly key: string;
  readonly userId: string;
  readonly organizationId: string;
  /** For people, e.g. "Acme (Ada Lovelace)". */
  readonly label: string;
}

export interface BackendParts {
  readonly backend: BackendId;
  readonly app: string;
  readonly seed: string;
  readonly world: AppWorld;
  readonly credentials: Credentials;
  readonly now: () => Date;
  /** Where a user opens the link of a pending connection. */
  readonly linkUrl: (token: string) => string;
  /** The app's key behind a connection of `user`, unless somebody chooses another. */
  readonly keyFor: (user: string) => string;
}

/** What a test or a person at the controls changes; `detail` is served as the backend's own word for the status. */
export interface Override {
  readonly status?: ConnectionStatus;
  /** null takes the word away again. */
  readonly detail?: string | null;
  /** The app's key from now on. */
  readonly key?: string;
}

interface Held {
  readonly id: string;
  readonly user: string;
  readonly createdAt: string;
  readonly status: ConnectionStatus;
  readonly detail?: string;
  /** The app's key; none until the user has finished. */
  readonly key?: string;
  /** What `enable` goes back to. */
  readonly beforeDisabled?: ConnectionStatus;
  readonly link?: { readonly token: string; readonly expiresAt: Date; readonly callbackUrl?: string };
}

const LINK_MINUTES = 10;

/** One backend as the sandbox plays it: whose connections it holds, and in which state. Knows the app's operations no more than its wire. */
export class SandboxBackend implements Directory, Executor {
  readonly backend: BackendId;
  readonly #parts: BackendParts;
  /** In order of creation. */
  readonly #held = new Map<string, Held>();
  #made = 0;

  constructor(parts: BackendParts) {
    this.backend = parts.backend;
    this.#parts = parts;
  }

  /** The app's own keys are the credentials of `rest`; a key that is not active there is a wrong one. */
  authenticate(credential: string): Caller | undefined {
    if (this.backend !== 'rest') return this.#parts.credentials.caller(credential);
    const held = this.#heldByKey(credential);
    return held?.status === 'active' ? { user: held.user, connection: held.id } : undefined;
  }

  /** Adds a connection that the user has already authorised. */
  add(user: string, key: string = this.#parts.keyFor(user)): Connection {
    const id = this.#idOf(user, key);
    return this.#shown(this.#put({ id, user, createdAt: this.#parts.now().toISOString(), status: 'active', key }));
  }

  /** undefined: no such connection. */
  override(id: string, { status, detail, key }: Override): Connection | undefined {
    const held = this.#held.get(id);
    if (!held) return undefined;
    const { detail: before, ...rest } = held;
    const word = detail === undefined ? before : (detail ?? undefined);
    return this.#shown(this.#put({ ...rest, ...defined<Partial<Held>>({ status, detail: word, key }) }));
  }

  /** The pending connection that a link belongs to. */
  pending(token: string): { readonly connection: Connection; readonly expired: boolean; readonly callbackUrl?: string } | undefined {
    const held = [...this.#held.values()].find(({ link, status }) => link?.token === token && status === 'pending');
    if (!held?.link) return undefined;
    const { expiresAt, callbackUrl } = held.link;
    return { connection: this.#shown(held), expired: expiresAt <= this.#parts.now(), ...defined({ callbackUrl }) };
  }

  /** The user comes back from the link. undefined: no such link, or too late. */
  finish(token: string, decision: 'approve' | 'decline', key?: string): Connection | undefined {
    const found = this.pending(token);
    const held = found && !found.expired ? this.#held.get(found.connection.id) : undefined;
    if (!held) return undefined;
    const { link: _used, ...rest } = held;
    if (decision === 'decline') return this.#shown(this.#put({ ...rest, status: 'failed' }));
    return this.#shown(this.#put({ ...rest, status: 'active', key: key ?? held.key ?? this.#parts.keyFor(held.user) }));
  }

  async list({ app, users, ids, statuses }: DirectoryQuery): Promise<readonly Connection[]> {
    if (app !== undefined && app !== this.#parts.app) return [];
    return [...this.#held.values()]
      .filter(({ id, user, status }) => within(users, user) && within(ids, id) && within(statuses, status))
      .map((held) => this.#shown(held));
  }

  async connect({ app, user, key, callbackUrl }: Parameters<Directory['connect']>[0]): ReturnType<Directory['connect']> {
    if (app !== this.#parts.app) throw this.#unsupported(`the sandbox has no app ${app}`, `Use ${this.#parts.app}.`);
    // guess: no backend tries a key when it is stored; a wrong one shows in the first call.
    if (key !== undefined) return { connection: this.add(user, key).id, how: 'The key was stored; nothing is left to do.' };
    if (this.backend === 'rest') throw this.#unsupported('the app makes no links', 'Configure an API key of the app.');
    const made: Held = { id: this.#idOf(user), user, createdAt: this.#parts.now().toISOString(), status: 'pending' };
    const held = this.#put(this.#waiting(made, callbackUrl));
    return { ...this.#linkOf(held), connection: held.id, how: 'Open the link and approve.' };
  }

  async change(id: string, change: Parameters<Directory['change']>[1]): Promise<Connection | undefined> {
    const held = this.#held.get(id);
    if (!held) return undefined;
    if (change === 'delete') this.#held.delete(id);
    else this.#put(this.#changed(held, change));
    return this.#shown(this.#held.get(id) ?? held);
  }

  async run(call: CanonicalCall, context: CallContext): Promise<Outcome> {
    const held = this.#choose(context);
    if (held?.status === 'active' && held.key !== undefined) return this.#parts.world.run(call, callerOf(held.key, context));
    return { ok: false, error: this.#notUsable(call, context, held) };
  }

  /** The connection that was named, or the user's newest usable one, or else the newest. Source for the newest: backends/composio.md §2.5. */
  #choose({ connection, user }: CallContext): Held | undefined {
    // guess: another user's connection is as good as none; Composio does not publish what it does.
    const own = [...this.#held.values()].filter((held) => held.user === user);
    if (connection !== undefined) return own.find(({ id }) => id === connection);
    return own.findLast(({ status }) => status === 'active') ?? own.at(-1);
  }

  #notUsable(call: CanonicalCall, { connection = '', user }: CallContext, held: Held | undefined): RouterError {
    const { app } = this.#parts;
    const none = connection === '' ? `${user} has no connection to ${app}` : `${user} has no connection ${connection}`;
    return new RouterError('connection_required', {
      what: held ? `the connection is ${held.status}, not active` : none,
      next: held?.status === 'disabled' ? 'Enable the connection.' : `Connect ${user} to ${app}.`,
      operation: call.operation,
      backend: this.backend,
      connection: held?.id,
    });
  }

  #changed(held: Held, change: 'enable' | 'disable' | 'revoke' | 'refresh'): Held {
    const { detail: _word, ...rest } = held;
    switch (change) {
      case 'enable':
        return held.status === 'disabled' ? { ...rest, status: held.beforeDisabled ?? 'active' } : held;
      case 'disable':
        return held.status === 'disabled' ? held : { ...rest, status: 'disabled', beforeDisabled: held.status };
      case 'revoke':
        return { ...rest, status: 'revoked' };
      case 'refresh':
        // guess: what is not usable has to be authorised again; what is usable stays so.
        return held.status === 'active' || held.status === 'disabled' ? held : this.#waiting({ ...rest, status: 'pending' });
      default:
        return change satisfies never;
    }
  }

  #waiting(held: Held, callbackUrl?: string): Held {
    const expiresAt = new Date(this.#parts.now().getTime() + LINK_MINUTES * 60_000);
    const token = hex(32, this.#parts.seed, this.backend, 'link', held.id, ++this.#made);
    return { ...held, link: { token, expiresAt, ...defined({ callbackUrl }) } };
  }

  #linkOf({ link }: Held): { readonly url?: string; readonly expiresAt?: string } {
    return link ? { url: this.#parts.linkUrl(link.token), expiresAt: link.expiresAt.toISOString() } : {};
  }

  #shown(held: Held): Connection {
    const { id, user, status, createdAt, detail } = held;
    const connectUrl = status === 'pending' ? this.#linkOf(held).url : undefined;
    const checkedAt = this.#parts.now().toISOString();
    return {
      backend: this.backend,
      app: this.#parts.app,
      id,
      user,
      status,
      createdAt,
      checkedAt,
      ...defined<Partial<Connection>>({ detail, connectUrl }),
    };
  }

  #put(held: Held): Held {
    this.#held.set(held.id, held);
    return held;
  }

  #heldByKey(key: string): Held | undefined {
    const found = [...this.#held.values()].find((held) => held.key === key);
    if (found) return found;
    const known = this.#parts.world.keys().find((one) => one.key === key);
    return known && this.#held.get(this.add(known.userId, key).id);
  }

  /** Ids in the form that the backend gives them. Never a part of the key. */
  #idOf(user: string, key = ''): string {
    const { seed, backend } = this.#parts;
    if (backend === 'rest') return `rest_${hex(16, seed, user, key)}`;
    const number = ++this.#made;
    return backend === 'membrane' ? hex(24, seed, backend, number) : `ca_${base62(12, seed, backend, number)}`;
  }

  #unsupported(what: string, next: string): RouterError {
    return new RouterError('unsupported_operation', { what, next, backend: this.backend });
  }
}

function callerOf(key: string, { tzOffsetHours }: CallContext): AppCaller {
  return tzOffsetHours === undefined ? { key } : { key, tzOffset: tzOffsetHours };
}

function within<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}
