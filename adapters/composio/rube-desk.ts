import type { Toolbox } from '../../src/binding/toolbox.ts';
import type { App } from '../../src/contract/app.ts';
import type { DoorHost } from '../../src/contract/door.ts';
import { isRouterError, type RouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';

/** Rube calls its tools RUBE_*, Composio Connect calls the same ones COMPOSIO_*. */
export const PREFIXES = ['RUBE_', 'COMPOSIO_'] as const;
export type Prefix = (typeof PREFIXES)[number];

/** What every meta tool works with. */
export interface RubeDesk {
  readonly host: Pick<DoorHost, 'executor' | 'directory' | 'now'>;
  readonly app: App;
  readonly toolbox: Toolbox;
  /** Between two looks at connections that somebody waits for. */
  readonly pollMs: number;
}

/** One call of a meta tool. */
export interface RubeCall {
  /** From the credential, never from arguments. */
  readonly user: string;
  /** In which other meta tools are spoken of. */
  readonly prefix: Prefix;
  readonly signal: AbortSignal;
  /** Keys the tools of the call, by their index. */
  readonly idempotencyKey?: string;
  /** Tells the client that the call is still being worked on. */
  readonly progress: (done: number, total: number, message: string) => Promise<void>;
}

/** What every meta tool answers. Source: docs/public/data/meta-tools.json@28a46698 of ComposioHQ/composio. */
export interface Envelope {
  readonly data: JsonObject;
  readonly error: string | null;
  readonly successful: boolean;
}

/** A meta tool's no: its arguments are wrong, and nothing was run. */
export class RubeRefusal extends Error {
  readonly data: JsonObject;

  constructor(message: string, data: JsonObject = {}) {
    super(message);
    this.data = data;
  }
}

export function success(data: JsonObject): Envelope {
  return { data, error: null, successful: true };
}

/** guess: that a refused call has data without the fields it would have on success. */
export function failure(error: string, data: JsonObject = {}): Envelope {
  return { data, error, successful: false };
}

/** Whatever a handler threw. A bug tells the caller nothing of itself. */
export function failureOf(error: unknown): Envelope {
  if (error instanceof RubeRefusal) return failure(error.message, error.data);
  if (isRouterError(error)) return failure(error.message, { error_details: detailsOf(error) });
  return failure('Internal error. Nothing more is known; try again, and report it if it happens again.');
}

/** Not of Rube's protocol: what a program needs to go on after an error. */
export function detailsOf(error: RouterError): JsonObject {
  const { code, retryable, next, details } = error.toJSON();
  return { code, retryable, next, ...details };
}

/** What comes back in every answer, so that the agent keeps to it. The door keeps no sessions: an id only ties calls together for a reader. */
export function sessionOf(id: string | undefined, prefix: Prefix): JsonObject {
  return id === undefined ? {} : { session: { id, instructions: `Pass session_id "${id}" in the ${prefix}* calls of this workflow.` } };
}
