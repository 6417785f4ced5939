/** Asks every backend for its tools, and holds them against the bindings. Sends nothing to the app. */
import type { ToolSignature } from '../binding/arguments.ts';
import { operationsOf } from '../binding/serve.ts';
import type { Adapter, ToolListing } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding } from '../contract/binding.ts';
import type { BackendDrift, DriftReport } from '../contract/drift.ts';
import { isRouterError, type RouterError } from '../contract/errors.ts';
import { compare } from './compare.ts';

export interface DriftParts {
  readonly app: App;
  readonly adapters: readonly Adapter[];
  readonly bindings: readonly Binding[];
  /** The tools of a backend as they were published when its binding was written. */
  readonly published: (backend: BackendId) => Promise<readonly ToolSignature[]>;
  /** Who the user is at a backend. */
  readonly identity: (user: string, backend: BackendId) => string;
}

export interface DriftRequest {
  readonly user: string;
  /** Default: all. */
  readonly backends?: readonly BackendId[];
  /** A release of the tools, where a backend has such, instead of the one that calls ask for. */
  readonly version?: string;
  readonly signal: AbortSignal;
}

/** Never throws for what a backend did: that stands in the report. */
export async function checkDrift(parts: DriftParts, request: DriftRequest): Promise<DriftReport> {
  const { app, adapters } = parts;
  const wanted = adapters.filter(({ backend }) => request.backends?.includes(backend) ?? true);
  return { app: app.id, backends: await Promise.all(wanted.map((adapter) => checkOne(adapter, parts, request))) };
}

async function checkOne(
  adapter: Adapter,
  { app, bindings, published, identity }: DriftParts,
  request: DriftRequest,
): Promise<BackendDrift> {
  const { backend, can } = adapter;
  const binding = bindings.find((one) => one.backend === backend && one.app === app.id);
  const bound = new Set(Object.values(binding?.cells ?? {}).flatMap((cell) => (cell.transport === 'tool' ? [cell.tool] : []))).size;
  const nothing = { backend, bound, findings: [], proposals: [], broken: [] };
  if (!adapter.tools || !binding) return { ...nothing, state: 'nothing_to_list', note: 'it has no named tools: nothing to compare' };
  const { user, version, signal } = request;
  const query = { app: app.id, user: identity(user, backend), ...(version === undefined ? {} : { version }) };
  const answer = await adapter.tools(query, signal).catch(refused);
  if ('error' in answer) return { ...nothing, state: 'unreachable', error: { code: answer.error.code, message: answer.error.message } };
  const compared = compare({
    binding,
    operations: await operationsOf(app),
    published: await published(backend),
    listing: answer,
    http: can.http,
  });
  const { asked, tools } = answer;
  return {
    ...nothing,
    state: compared.broken.length > 0 ? 'broken' : compared.findings.length > 0 ? 'changed' : 'same',
    listed: tools.length,
    ...(asked === undefined ? {} : { asked }),
    ...compared,
  };
}

function refused(error: unknown): ToolListing & { readonly error: RouterError } {
  if (!isRouterError(error)) throw error;
  return { tools: [], error };
}
