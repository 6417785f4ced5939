import { randomBytes } from 'node:crypto';
import { RouterError } from '../contract/errors.ts';
import type { Serve } from '../contract/host.ts';
import type { McpKey, McpSettings } from '../contract/mcp.ts';
import { packageVersion } from '../contract/package.ts';
import { type Address, isLoopback, namesOf, readOrigin } from './address.ts';
import { servicesOf } from './create-services.ts';
import { createFactory, type FactoryParts } from './factory.ts';
import { MCP_PATH, mountsOf } from './guest.ts';
import { callerIn, createEndpoint, type Endpoint } from './http/endpoint.ts';
import type { HeldKey } from './http/tokens.ts';
import type { McpParts } from './parts.ts';
import { packagedSkills } from './skills.ts';
import { serveStandardIo } from './stdio.ts';
import { narrowed, type Surface, surfaceOf, type Wishes } from './surface.ts';
import { toolsOf } from './tools.ts';

/** A router's inside with what its configuration says of MCP. */
export interface McpSource extends McpParts {
  readonly mcp?: McpSettings | undefined;
}

export interface McpEars {
  /** Hears of bugs. */
  readonly onFault: (error: unknown) => void;
  /** Hears why a client's message was refused by the protocol. Made of what the client sent: clean it before it is shown. */
  readonly onRefusal: (error: Error) => void;
}

export interface McpStdioOptions extends Wishes, McpEars {
  readonly stopped: Promise<void>;
}

/** Serves one client at stdin and stdout, until it hangs up or `stopped` resolves. Throws `invalid_input` before anything is served. */
export async function serveMcpStdio(source: McpSource, { stopped, onFault, onRefusal, ...wishes }: McpStdioOptions): Promise<void> {
  const surface = surfaceOf(withConfigured(wishes, source.mcp), source.apps);
  const caller = { user: source.user, scope: surface.scope };
  await serveStandardIo(await factoryOf(source, surface, { caller: () => caller, onFault }), { stopped, onRefusal });
}

export interface McpHttpOptions extends Wishes, McpEars {
  readonly address: Address;
  /** The origin at which others reach the port, when a proxy stands before it. */
  readonly url?: string;
  readonly allowedHosts?: readonly string[];
  /** Whoever reaches the port may call, as the user; only on this machine. */
  readonly open?: boolean;
}

/** A server that is reached over HTTP. */
export interface McpHttp extends AsyncDisposable {
  readonly url: string;
  /** Made for this run, when no key is configured. */
  readonly key?: string;
}

/** Opens a port for clients of MCP. Throws `configuration` or `invalid_input` before anything is open. */
export async function openMcpHttp(serve: Serve, source: McpSource, options: McpHttpOptions): Promise<McpHttp> {
  const { address, open = false, allowedHosts = [] } = options;
  const url = options.url === undefined ? undefined : readOrigin(options.url);
  const guarded = { open, keys: source.mcp?.keys ?? [], oauth: source.mcp?.oauth };
  const hosts = namesOf(address, url, [...allowedHosts, ...(source.mcp?.allowedHosts ?? [])]);
  if (!isLoopback(address.host)) refuseUnguarded(guarded, hosts);
  const made = open || guarded.keys.length > 0 || guarded.oauth ? undefined : { name: 'made', user: source.user, key: newKey(), scope: {} };
  let opened = '';
  const origin = (): string => url ?? opened;
  const endpoint = await endpointOf(source, { ...options, open, origin, allowedHosts: hosts, keys: made ? [made] : guarded.keys });
  const running = await serve({ mounts: mountsOf(endpoint), ...address });
  opened = running.url;
  const close = async (): Promise<void> => {
    await running.close();
    await endpoint.close();
  };
  return { url: `${origin()}${MCP_PATH}`, ...(made ? { key: made.key } : {}), [Symbol.asyncDispose]: close };
}

export interface EndpointOptions extends Wishes, McpEars {
  readonly keys: readonly McpKey[];
  readonly open: boolean;
  readonly origin: () => string;
  /** Below the origin; default /mcp. */
  readonly path?: string;
  readonly allowedHosts: readonly string[];
}

/** The endpoint alone, for who has a port already. Throws `invalid_input`. */
export async function endpointOf(
  source: McpSource,
  { keys, open, origin, path = MCP_PATH, allowedHosts, onFault, onRefusal, ...wishes }: EndpointOptions,
): Promise<Endpoint> {
  const { apps, user, mcp } = source;
  const surface = surfaceOf(withConfigured(wishes, mcp), apps);
  const held = keys.map(({ name, key, user: owner, scope }): HeldKey => {
    return { name, key, caller: { user: owner, scope: narrowed(surface.scope, scope, apps) } };
  });
  return createEndpoint({
    factory: await factoryOf(source, surface, { caller: callerIn, onFault }),
    keys: held,
    ...(mcp?.oauth ? { oauth: mcp.oauth } : {}),
    ...(open ? { open: { user, scope: surface.scope } } : {}),
    scope: surface.scope,
    allowedHosts,
    origin,
    path,
    requestsPerMinute: mcp?.requestsPerMinute ?? REQUESTS_PER_MINUTE,
    now: () => new Date(),
    elapsed: () => performance.now(),
    onRefusal,
  });
}

/** Ten a second for each caller: more than agents make, and less than a loop that went wrong. */
const REQUESTS_PER_MINUTE = 600;

async function factoryOf(source: McpSource, surface: Surface, parts: Pick<FactoryParts, 'caller' | 'onFault'>) {
  const { stateSecret } = source.mcp ?? {};
  const key = stateSecret === undefined ? {} : { stateKey: stateSecret };
  const tools = toolsOf(servicesOf(source), surface);
  return createFactory({ ...parts, ...key, version: packageVersion(), tools, skills: await packagedSkills() });
}

/** What is said on the spot comes before what the configuration says; what denies or approves adds up. */
function withConfigured(wishes: Wishes, config: McpSettings | undefined): Wishes {
  if (!config) return wishes;
  const { expose, operations, scope } = config;
  return {
    ...(expose === undefined ? {} : { expose }),
    ...scope,
    operations,
    ...wishes,
    deny: [...(scope.deny ?? []), ...(wishes.deny ?? [])],
    approve: [...(scope.approve ?? []), ...(wishes.approve ?? [])],
  };
}

function refuseUnguarded(
  { open, keys, oauth }: { readonly open: boolean; readonly keys: readonly unknown[]; readonly oauth: unknown },
  hosts: readonly string[],
): void {
  if (open || (keys.length === 0 && oauth === undefined)) {
    throw new RouterError('configuration', {
      what: 'without keys the server opens on this machine only',
      next: 'Set mcp.keys or mcp.oauth in the configuration, or leave the address out of --http.',
    });
  }
  if (hosts.length === 0) {
    throw new RouterError('configuration', {
      what: 'nobody has said by which names the server may be called',
      next: 'Add --allowed-hosts router.example (or mcp.allowed_hosts, or --url): other names are refused, so that no page can lead its own name here.',
    });
  }
}

function newKey(): string {
  return randomBytes(24).toString('base64url');
}
