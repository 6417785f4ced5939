/** A session made available to others: behind the doors of all backends, and as an MCP server. */
import type { Session } from './app.ts';
import { closeApp } from './catalog/close/index.ts';
import type { SideDoor } from './contract/door.ts';
import type { Executor } from './contract/executor.ts';
import type { Scope } from './contract/scope.ts';
import type { McpEars, McpHttp, McpHttpOptions, McpSource, McpStdioOptions } from './mcp/open.ts';
import type { RouterHostParts } from './server/router-host.ts';
import type { Serving, ServingAddress } from './server/serving.ts';

export type { Serving };

/** The doors of all backends in front of a session's router, on one port. Throws `configuration`. */
export async function openDoors(session: Session, where: ServingAddress, ears: McpEars): Promise<Serving> {
  const [{ startServing }, { serve }, { allDoors, allSideDoors }, { mcpGuest }] = await Promise.all([
    import('./server/serving.ts'),
    import('./server/host.ts'),
    import('./sandbox.ts'),
    import('./mcp/guest.ts'),
  ]);
  const source = mcpSource(session);
  const [doors, sideDoors] = await Promise.all([allDoors(), allSideDoors()]);
  return startServing({
    ...where,
    ...routed(session),
    doors,
    sideDoors: Object.fromEntries(Object.entries(sideDoors).map(([name, door]) => [name, narrowed(door, session.config.mcp?.scope)])),
    guests: (house) => [mcpGuest(source, house, async (wish) => (await import('./mcp/open.ts')).endpointOf(source, { ...ears, ...wish }))],
    serve,
    keys: session.config.serve?.keys ?? {},
    user: session.user,
  });
}

/** Rube's meta tools in front of a session's router, at stdin and stdout. Resolves when the client has hung up, or `stopped` has. */
export async function serveRubeStdio(session: Session, options: Pick<McpStdioOptions, 'stopped' | 'onRefusal'>): Promise<void> {
  const [{ serveStandardIo }, { createRouterDirectory }, { rubeFactory }] = await Promise.all([
    import('./mcp/stdio.ts'),
    import('./server/router-directory.ts'),
    import('../adapters/index.ts'),
  ]);
  const parts = { ...routed(session), executor: within(session.behind.executor, session.config.mcp?.scope) };
  const directory = createRouterDirectory({ ...parts, backend: 'composio' });
  await serveStandardIo(await rubeFactory(closeApp, { ...parts, directory }, session.user), options);
}

/** What the configuration forbids MCP clients is forbidden at every endpoint of MCP, under whatever names. */
function within(executor: Executor, scope: Scope = {}): Executor {
  return { run: (call, context) => executor.run(call, { ...context, scope }) };
}

/** The side doors are endpoints of MCP. */
function narrowed(door: SideDoor, scope: Scope | undefined): SideDoor {
  return { ...door, open: (host) => door.open({ ...host, executor: within(host.executor, scope) }) };
}

/** What a door in front of a session's router is given. */
function routed({ config, behind, router, user }: Session): Omit<RouterHostParts, 'keys' | 'origin'> {
  return {
    app: closeApp.id,
    executor: behind.executor,
    connections: {
      recent: behind.recent,
      refresh: (query) => router.connections.list(query),
      connect: (query) => router.connections.connect(query),
    },
    linking: behind.linking,
    users: [...new Set([user, ...Object.keys(config.users)])],
    now: () => new Date(),
  };
}

/** The MCP server of a session, at stdin and stdout. Resolves when its client has hung up, or `stopped` has. Throws `invalid_input`. */
export async function serveMcpStdio(session: Session, options: McpStdioOptions): Promise<void> {
  const { serveMcpStdio: serve } = await import('./mcp/open.ts');
  return serve(mcpSource(session), options);
}

/** The MCP server of a session, on a port. Throws `configuration` and `invalid_input`. */
export async function openMcpHttp(session: Session, options: McpHttpOptions): Promise<McpHttp> {
  const [{ openMcpHttp: open }, { serve }] = await Promise.all([import('./mcp/open.ts'), import('./server/host.ts')]);
  return open(serve, mcpSource(session), options);
}

/** Throws `invalid_input`. */
export async function readMcpAddress(written: string): Promise<McpHttpOptions['address']> {
  const { readAddress } = await import('./mcp/address.ts');
  return readAddress(written);
}

function mcpSource({ apps, router, behind, config, user }: Session): McpSource {
  return { apps, router, behind, user, mcp: config.mcp };
}
