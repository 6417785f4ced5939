import type { Mount } from '../contract/host.ts';
import { namesOf } from './address.ts';
import type { Endpoint } from './http/endpoint.ts';
import { METADATA_PATH } from './metadata-path.ts';
import type { EndpointOptions, McpSource } from './open.ts';

/** Where the endpoint is, wherever it is served. */
export const MCP_PATH = '/mcp';

/** An endpoint at the paths of a port. */
export function mountsOf({ fetch, metadata }: Pick<Endpoint, 'fetch' | 'metadata'>): readonly Mount[] {
  return [
    { prefix: MCP_PATH, fetch },
    { prefix: METADATA_PATH, fetch: metadata },
  ];
}

/** An endpoint that is made, and whose library is loaded, by the first request to it. */
function lazily(open: () => Promise<Endpoint>): Endpoint {
  let opening: Promise<Endpoint> | undefined;
  const opened = (): Promise<Endpoint> => {
    opening ??= open();
    return opening;
  };
  return {
    fetch: async (request) => (await opened()).fetch(request),
    metadata: async (request) => (await opened()).metadata(request),
    close: async () => (await opening)?.close(),
  };
}

/** A port that is open for others already. */
interface House {
  readonly origin: () => string;
  readonly host: string;
  readonly url?: string;
  /** `*`: for whomever a request names. MCP has no way to name one. */
  readonly keys: readonly { readonly user: string; readonly key: string }[];
}

/** Our server beside the doors of `serve`: behind its own keys where it has any, else behind theirs. */
export function mcpGuest(
  { mcp }: Pick<McpSource, 'mcp'>,
  { origin, host, url, keys }: House,
  open: (options: Pick<EndpointOptions, 'keys' | 'open' | 'origin' | 'allowedHosts'>) => Promise<Endpoint>,
) {
  const keyed = (mcp?.keys ?? []).length === 0 && mcp?.oauth === undefined;
  const theirs = keys.filter(({ user }) => user !== '*').map(({ user, key }) => ({ name: user, user, key, scope: {} }));
  const allowedHosts = namesOf({ host }, url, mcp?.allowedHosts ?? []);
  const { fetch, metadata, close } = lazily(() => open({ keys: keyed ? theirs : (mcp?.keys ?? []), open: false, origin, allowedHosts }));
  return { name: 'mcp', path: MCP_PATH, mounts: mountsOf({ fetch, metadata }), keyed, close };
}
