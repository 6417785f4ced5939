import type { BackendId, Delivery } from './backend.ts';
import type { Connection, ConnectionQuery, ConnectLink } from './connection.ts';
import type { ErrorCode, FieldProblem } from './errors.ts';
import type { JsonObject } from './guards.ts';

/** What a backend supports, so that neither the resolver nor a test ever asks for its name. */
export interface Capabilities {
  /** `invoke` works: the backend has named tools. */
  readonly tool: boolean;
  /** How `request` travels: through the backend's stored credential, or with our own key. */
  readonly http: 'proxy' | 'direct' | 'none';
  /** How a connection is made: a link for the user, or a key in our configuration. */
  readonly connect: 'link' | 'key' | 'none';
}

/** A bound call to a backend's named tool. */
export interface ToolCall {
  readonly connection: Connection;
  readonly tool: string;
  readonly arguments: JsonObject;
  /** A read may be repeated by whoever is below; a write reaches the wire once. */
  readonly read: boolean;
}

/** The app's own HTTP request. `path` starts with `/`, is encoded, and is relative to the app's API base. */
export interface HttpCall {
  readonly connection: Connection;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Names and values as strings, in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body?: JsonObject;
  readonly read: boolean;
}

/** Why a call brought no result. Never holds a payload or a credential. */
export interface Failure {
  readonly code: ErrorCode;
  readonly delivery: Delivery;
  /** One sentence without full stop. */
  readonly what: string;
  /** Who refused: the app behind the backend, the backend itself, or the network between. */
  readonly origin: 'app' | 'backend' | 'network';
  readonly status?: number;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterMs?: number;
}

/**
 * What came of one request.
 * `http`: the app itself answered, whatever the status, directly or through a proxy; reading it is the router's part.
 * `tool`: the backend's tool succeeded; `data` is its result.
 * `failed`: anything else, already told apart.
 */
export type Reply =
  | { readonly kind: 'http'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }
  | { readonly kind: 'tool'; readonly data: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** How a connection's credential is taken out of a backend's hands. */
export interface Revocation {
  /** Where a person does it, and what else has to be done there; one or more sentences with full stop. */
  readonly byHand: string;
  /**
   * Has the backend give the credential up, once. Resolves with what became of it, one sentence without full stop. Throws RouterError
   * when the backend refused, or did not answer. Absent: nobody but a person can.
   */
  revoke?(connection: Connection, signal: AbortSignal): Promise<string>;
}

/** Which tools a backend is asked to list. */
export interface ToolQuery extends ConnectionQuery {
  /** A release of the backend's tools, where it has such; default the one that calls ask for. */
  readonly version?: string;
}

/** A named tool as its backend lists it now. */
export interface LiveTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. Absent: the backend tells none. */
  readonly input?: JsonObject;
  /** The release that this is of. */
  readonly version?: string;
  /** The releases that can be asked for, where the backend says so. */
  readonly versions?: readonly string[];
  /** The backend advises against it; it still runs. */
  readonly deprecated: boolean;
  /** It is listed, and cannot be run. */
  readonly disabled: boolean;
}

/** What a backend lists, and the release that calls of ours ask for. */
export interface ToolListing {
  readonly tools: readonly LiveTool[];
  readonly asked?: string;
}

/** One backend, seen from us. Holds a vendor client; knows nothing of operations, fields or other backends. */
export interface Adapter {
  readonly backend: BackendId;
  readonly can: Capabilities;

  /** All connections of `user` to `app`, in whatever state; choosing is the resolver's job. Throws RouterError when the backend cannot say. */
  connections(query: ConnectionQuery, signal: AbortSignal): Promise<readonly Connection[]>;

  /** Sends a bound call to the backend's named tool, once. Never throws for what the far side did: that is a Reply. */
  invoke(call: ToolCall, signal: AbortSignal): Promise<Reply>;

  /** Sends the app's own HTTP request with the credentials the backend holds, once. */
  request(call: HttpCall, signal: AbortSignal): Promise<Reply>;

  /** Starts a connection: makes a link for the user, or says which key to configure. Opens nothing. */
  connect(query: ConnectionQuery, signal: AbortSignal): Promise<ConnectLink>;

  /** The named tools as they are now, all pages. Absent: there is nothing to list. Throws RouterError when the backend cannot say. */
  tools?(query: ToolQuery, signal: AbortSignal): Promise<ToolListing>;

  /** Absent: it holds no credential of a user, or nothing is known of how to take it back. */
  readonly revocation?: Revocation;

  /** Lets go of sockets. */
  close(): Promise<void>;
}
