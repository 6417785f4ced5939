import type { Failure } from '../contract/adapter.ts';
import type { Account, Connection } from '../contract/connection.ts';
import type { Journal } from '../contract/journal.ts';
import { within } from './within.ts';
import { withoutStore } from './without-store.ts';

/** How long the app may take to say who a connection is. */
const PATIENCE_MS = 10_000;

const SILENT = {
  failure: { code: 'timeout', delivery: 'unknown', what: 'the app did not say in time who the connection is', origin: 'network' },
} as const;

/** Asks the app, through one connection, who it is. */
export type Probe = (connection: Connection, signal: AbortSignal) => Promise<{ readonly account: Account } | { readonly failure: Failure }>;

export interface AccountsParts {
  readonly probe: Probe;
  readonly journal: Journal;
  readonly now: () => Date;
  /** How long a remembered account is believed; default one day. */
  readonly believeMs?: number;
}

/** Who each connection is in the app: asked once, remembered in the journal, asked again when the memory is old. */
export class Accounts {
  readonly #parts: AccountsParts;
  readonly #known = new Map<string, { readonly account: Account; readonly at: string }>();
  readonly #asking = new Map<string, ReturnType<Probe>>();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /** What is remembered, however old. */
  async remembered(connection: Connection): Promise<Account | undefined> {
    return (await this.#recall(connection))?.account;
  }

  /** When the app last said so, as an ISO instant. */
  async rememberedAt(connection: Connection): Promise<string | undefined> {
    return (await this.#recall(connection))?.at;
  }

  /** The account, asked for when it is not known or not fresh. undefined: the app did not say; `onFailure` hears why. */
  async of(connection: Connection, onFailure: (failure: Failure) => void, withinMs?: number): Promise<Account | undefined> {
    const known = await this.#recall(connection);
    const { now, believeMs = 86_400_000 } = this.#parts;
    if (known && now().getTime() - Date.parse(known.at) < believeMs) return known.account;
    const answer = await this.ask(connection, withinMs);
    if ('account' in answer) return answer.account;
    onFailure(answer.failure);
    return undefined;
  }

  /** Asks now, whatever is remembered. Callers at the same time share one request; each waits as long as it likes. */
  ask(connection: Connection, withinMs: number = PATIENCE_MS): ReturnType<Probe> {
    return within(withinMs, this.#ask(connection), SILENT);
  }

  async #ask(connection: Connection): ReturnType<Probe> {
    const id = key(connection);
    const asking = this.#asking.get(id) ?? this.#parts.probe(connection, AbortSignal.timeout(PATIENCE_MS));
    this.#asking.set(id, asking);
    try {
      const answer = await asking;
      if ('account' in answer) await this.#remember(connection, answer.account);
      return answer;
    } finally {
      this.#asking.delete(id);
    }
  }

  async #recall(connection: Connection): Promise<{ readonly account: Account; readonly at: string } | undefined> {
    const held = this.#known.get(key(connection));
    if (held) return held;
    const { journal } = this.#parts;
    const known = await withoutStore(journal.account(connection.backend, connection.id));
    if (known) this.#known.set(key(connection), known);
    return known;
  }

  async #remember(connection: Connection, account: Account): Promise<void> {
    const at = this.#parts.now().toISOString();
    this.#known.set(key(connection), { account, at });
    await withoutStore(this.#parts.journal.rememberAccount(connection.backend, connection.id, account, at));
  }
}

function key({ backend, id }: Connection): string {
  return `${backend}:${id}`;
}
