import type { Adapter, HttpCall, ToolCall } from '../contract/adapter.ts';
import type { ConnectionQuery } from '../contract/connection.ts';

/** A call that the adapter is tried with; the connection is the first active one of the stage's user. */
export type SampleCall = { readonly name: string } & (Omit<ToolCall, 'connection'> | Omit<HttpCall, 'connection'>);

/** How a state that nobody has seen before is made: in the answers to requests for `path`, the body is replaced. */
export interface StrangeStatus {
  readonly path: RegExp;
  rewrite(body: Buffer): Buffer | string;
}

/** An adapter under test, and what it needs to know of its backend. */
export interface AdapterSubject {
  readonly name: string;
  /** The paths of the requests that carry an operation; tokens, lists and schemas carry none. Behind that of a JSON-RPC request stands its method: `/mcp#tools/call`. */
  readonly carries: RegExp;
  /** Left out with a reason where the backend tells no status. */
  readonly strangeStatus: StrangeStatus | { readonly none: string };
  /** At least one write. */
  readonly calls: readonly SampleCall[];
  /** A fresh backend for each thing that is tried: a stand-in, or the backend's own sandbox. Never its production. */
  start(): Promise<Stage>;
}

/** One backend with one user who has an active connection. */
export interface Stage {
  /** Where the backend is, `http://127.0.0.1:4010/api`. The fault server is put in front of it. */
  readonly upstream: string;
  /** Opens the adapter; `url` stands for `upstream`. */
  open(url: string): Adapter | Promise<Adapter>;
  readonly query: ConnectionQuery;
  /** The credentials that the adapter holds: none of them may show in an error. */
  readonly secrets: readonly string[];
  /** How many writes the far side has done. Left out: only the requests are counted. */
  effects?(): number;
  close(): Promise<void>;
}
