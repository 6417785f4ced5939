/**
 * A router as an MCP server of your own, with the same tools, questions and safeguards as `skillrouter mcp`. Nothing of the
 * protocol's library shows in the types, and nothing of it is loaded before the server is used. Public as `skillrouter/mcp`.
 */
import { RouterError } from './contract/errors.ts';
import type { McpKey, McpOauth } from './contract/mcp.ts';
import { isLoopbackName, LOOPBACK } from './mcp/address.ts';
import type { Endpoint } from './mcp/http/endpoint.ts';
import { METADATA_PATH } from './mcp/metadata-path.ts';
import type { McpSource } from './mcp/open.ts';
import { insideOf } from './mcp/parts.ts';
import type { Wishes } from './mcp/surface.ts';

/** A secret by which a client over HTTP is known. */
export interface McpServerKey {
  readonly key: string;
  /** Whom it speaks for. */
  readonly user: string;
  readonly readOnly?: boolean;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

/** Operations are named as in a policy: `lead.create`, `lead.*`, `*.merge`. */
export interface McpServerOptions extends Wishes {
  /** Whom clients act for that are known by nothing else; default the router's default user. */
  readonly user?: string;
  /** Where clients reach `fetch`; default http://localhost/mcp. */
  readonly url?: string;
  /** Further names by which it may be called. */
  readonly allowedHosts?: readonly string[];
  /** Without any of `keys`, `oauth` and `open`, nobody may call over HTTP. */
  readonly keys?: readonly McpServerKey[];
  /** Access tokens that are taken, as by an OAuth resource server (RFC 9728). */
  readonly oauth?: Pick<McpOauth, 'issuer' | 'audience' | 'jwksUri'> & Partial<McpOauth>;
  /** Whoever reaches `fetch` may call, as `user`. */
  readonly open?: boolean;
  readonly requestsPerMinute?: number;
  /** Signs what travels through clients, at least 32 bytes; processes that serve the same clients need the same. */
  readonly stateSecret?: string;
  /** Hears of bugs. */
  readonly onFault?: (error: unknown) => void;
}

export interface McpServer extends AsyncDisposable {
  /** Streamable HTTP and RFC 9728's document, web-standard; names, origins, keys and rates are checked in here. */
  fetch(request: Request): Promise<Response>;
  /** Serves the client at stdin and stdout until it hangs up, or `signal` is aborted. */
  serveStdio(options?: { readonly signal?: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

/** `router` comes of `createRouter`, and stays its owner's to close. Throws `configuration`; what a name is wrong in is told when the server is first used. */
export function createMcpServer(router: object, options: McpServerOptions = {}): McpServer {
  const inside = insideOf(router);
  if (!inside) throw foreign();
  const ears = { onFault: options.onFault ?? (() => undefined), onRefusal: () => undefined };
  const source = async (): Promise<McpSource> => {
    const parts = await inside();
    return { ...parts, user: options.user ?? parts.user, mcp: settingsOf(options) };
  };
  let opening: Promise<Endpoint> | undefined;
  const endpoint = (): Promise<Endpoint> => {
    opening ??= Promise.all([import('./mcp/open.ts'), source()]).then(([{ endpointOf }, from]) =>
      endpointOf(from, { ...ears, ...addressOf(options), open: options.open ?? false, keys: from.mcp?.keys ?? [] }),
    );
    return opening;
  };
  const close = async (): Promise<void> => (await opening)?.close();
  return {
    fetch: async (request) => {
      const { fetch, metadata } = await endpoint();
      return new URL(request.url).pathname.startsWith(METADATA_PATH) ? metadata(request) : fetch(request);
    },
    serveStdio: async ({ signal } = {}) => {
      const { serveMcpStdio } = await import('./mcp/open.ts');
      await serveMcpStdio(await source(), { ...ears, stopped: aborted(signal) });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function settingsOf({ keys = [], oauth, requestsPerMinute, stateSecret, ...wishes }: McpServerOptions): NonNullable<McpSource['mcp']> {
  const { expose, operations = [], readOnly, allow, deny = [], approve = [] } = wishes;
  return {
    ...(expose ? { expose } : {}),
    operations,
    scope: { deny, approve, ...(readOnly ? { readOnly } : {}), ...(allow ? { allow } : {}) },
    allowedHosts: [],
    keys: keys.map(({ key, user, ...scope }): McpKey => ({ name: user, user, key, scope })),
    ...(oauth ? { oauth: { userClaim: 'sub', scopes: [], ...oauth } } : {}),
    ...(stateSecret === undefined ? {} : { stateSecret }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  };
}

function addressOf({ url = 'http://localhost/mcp', allowedHosts = [] }: McpServerOptions) {
  const { origin, hostname, pathname } = new URL(url);
  const names = isLoopbackName(hostname) ? LOOPBACK : [hostname];
  return { origin: () => origin, path: pathname, allowedHosts: [...names, ...allowedHosts] };
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function foreign(): RouterError {
  return new RouterError('configuration', {
    what: 'this is no router that createRouter of this package made',
    next: 'Give createMcpServer the very object that createRouter returned, of the same copy of the package.',
  });
}
