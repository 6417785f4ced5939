import type { BackendId } from './backend.ts';
import type { Connection, ConnectionStatus, ConnectLink } from './connection.ts';
import type { Executor } from './executor.ts';

/** Who speaks through a door. Without `user` the credential may act for every user, as a project key does. */
export interface Caller {
  readonly user?: string;
  /** The connection that the credential itself stands for, as an app's own API key does. */
  readonly connection?: string;
}

export interface DirectoryQuery {
  readonly app?: string;
  readonly users?: readonly string[];
  readonly ids?: readonly string[];
  readonly statuses?: readonly ConnectionStatus[];
}

/** The connections that a door shows, and what its protocol may do with them. The router has one, the sandbox has one per backend. */
export interface Directory {
  /** In order of creation, newest last. */
  list(query: DirectoryQuery): Promise<readonly Connection[]>;
  /** Starts a connection for `user`; the link leads to where the user authorises it. */
  connect(request: {
    readonly app: string;
    readonly user: string;
    readonly key?: string;
    /** Where the user goes on after the link, where the directory makes the page itself. */
    readonly callbackUrl?: string;
  }): Promise<ConnectLink & { readonly connection: string }>;
  /** undefined: no such connection. Rejects with RouterError `unsupported_operation` where the backend behind cannot do it. */
  change(id: string, change: 'enable' | 'disable' | 'revoke' | 'refresh' | 'delete'): Promise<Connection | undefined>;
}

/** What a door is put in front of. A door never knows which executor it serves. */
export interface DoorHost {
  readonly executor: Executor;
  readonly directory: Directory;
  /** undefined: the credential is wrong. */
  authenticate(credential: string): Caller | undefined;
  now(): Date;
  /** The origin and prefix at which this door is reached from outside, without trailing slash. */
  readonly url: () => string;
}

/** Our server that speaks a backend's wire protocol. Web-standard, so that any host can carry it. */
export interface Door {
  readonly backend: BackendId;
  fetch(request: Request): Promise<Response>;
}

/** Where a door is, and what its client has to be given. */
export type DoorAddress = { readonly url: string } & Readonly<Record<string, string>>;

/** A further door of a backend, in front of the same connections, at a path of its own. */
export interface SideDoor {
  readonly backend: BackendId;
  /** Where its clients are pointed to, below its mount. */
  readonly path: string;
  readonly open: (host: DoorHost) => Door;
}
