import type { BackendId } from '../contract/backend.ts';
import type { McpSettings } from '../contract/mcp.ts';
import type { Policy } from '../router/router.ts';

/** What a backend's section says, `${ENV}` already replaced. Keys are those of `shape.ts`. */
export type BackendSettings = Readonly<Record<string, string>>;

/** Who a user is on one backend: another name there, or a key of their own. */
export interface UserSettings {
  readonly user?: string;
  readonly api_key?: string;
}

/** A configuration that was read, checked and filled in. Holds secrets: never print it. */
export interface Config {
  /** The file it came from, as the user would name it. */
  readonly file?: string;
  /** In the order in which they were written. */
  readonly backends: Readonly<Record<string, BackendSettings>>;
  readonly users: Readonly<Record<string, Readonly<Record<string, UserSettings>>>>;
  readonly defaultUser: string;
  readonly policy: Policy;
  /** Who may speak through our doors: user, or `*` for whomever the request names → keys. */
  readonly serve?: { readonly keys: Readonly<Record<string, readonly string[]>> };
  /** The MCP server: what it shows, and to whom. */
  readonly mcp?: McpSettings;
  /** Path of the journal's file, absolute, or `:memory:`, or the `postgres://` address of its server. */
  readonly store: string;
}

/** The user's id at a backend; the same name everywhere unless the configuration says otherwise. */
export function identityOf(config: Config, user: string, backend: BackendId): string {
  const settings = Object.hasOwn(config.users, user) ? config.users[user] : undefined;
  return settings?.[backend]?.user ?? user;
}
