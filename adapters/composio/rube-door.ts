import type { McpServerFactory } from '@modelcontextprotocol/server';
import { createToolbox } from '../../src/binding/toolbox.ts';
import type { App } from '../../src/contract/app.ts';
import type { Binding } from '../../src/contract/binding.ts';
import type { Caller, Door, DoorHost } from '../../src/contract/door.ts';
import { CLOSE_TOOLS } from './close-tools.ts';
import type { Prefix, RubeDesk } from './rube-desk.ts';

export interface RubeDoorOptions {
  readonly app: App;
  readonly binding: Binding;
  /** Between two looks at connections that somebody waits for; default one second, as Composio's SDK has it. */
  readonly pollMs?: number;
}

const POLL_MS = 1000;

/** Where Rube and Composio Connect have it, below the mount: swap `https://rube.app` for the mount's address. */
const PATHS: Readonly<Record<string, Prefix>> = { '/mcp': 'RUBE_', '/connect/mcp': 'COMPOSIO_' };

/** Rube's MCP endpoint, which Composio Connect serves under other names. Put in front of any executor. */
export function createRubeDoor({ pollMs = POLL_MS, ...parts }: RubeDoorOptions): (host: DoorHost) => Door {
  return (host) => {
    const desk: RubeDesk = { host, app: parts.app, toolbox: toolboxOf(parts), pollMs };
    let serving: ReturnType<typeof open> | undefined;
    return {
      backend: 'composio',
      fetch: async (request) => {
        const url = new URL(request.url);
        const prefix = PATHS[url.pathname.replace(/\/$/, '')];
        if (prefix === undefined) return refused(404, `nothing is served here; known: ${Object.keys(PATHS).join(', ')}`);
        if (!isOwnPage(request, host)) return refused(403, 'pages of another origin are not answered');
        const caller = host.authenticate(credentialIn(request.headers));
        if (!caller) return refused(401, 'the key is missing or wrong; send it as "Authorization: Bearer …" or as x-api-key');
        const user = userOf(caller, url);
        if (user === undefined)
          return refused(403, 'this key stands for no user, or for another one; name the user in the address: ?user_id=…');
        serving ??= open(desk);
        const { fetch } = await serving;
        return fetch(request, { authInfo: { token: '', clientId: user, scopes: [], extra: { user, prefix } } });
      },
    };
  };
}

/** The same for one user at stdin and stdout: makes the server of each connection. */
export async function createRubeFactory(
  { pollMs = POLL_MS, ...parts }: RubeDoorOptions,
  host: RubeDesk['host'],
  user: string,
): Promise<McpServerFactory> {
  const { openFactory } = await import('./rube-server.ts');
  return openFactory({ host, app: parts.app, toolbox: toolboxOf(parts), pollMs }, { user, prefix: 'RUBE_' });
}

async function open(desk: RubeDesk) {
  const { openHttp } = await import('./rube-server.ts');
  return openHttp(desk);
}

/** The tools that an agent finds here: Composio's 14, and every other operation of the app beside them. */
export function toolboxOf({ app, binding }: Pick<RubeDoorOptions, 'app' | 'binding'>): RubeDesk['toolbox'] {
  const tools = CLOSE_TOOLS.map(({ slug, description, inputs, required }) => ({ name: slug, description, inputs, required }));
  return createToolbox({ app, binding, tools, paging: { limit: 'limit', skip: 'skip' } });
}

/** Rube takes a bearer token, Composio's own endpoints the project's key, Composio Connect a consumer's. */
function credentialIn(headers: Headers): string {
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1];
  return bearer ?? headers.get('x-api-key') ?? headers.get('x-consumer-api-key') ?? '';
}

/** A key of one user is that user's; one for everybody needs the address to say whose client it is, as Composio's own addresses do. */
function userOf({ user }: Caller, url: URL): string | undefined {
  const named = url.searchParams.get('user_id') || undefined;
  return user === undefined || named === undefined || named === user ? (user ?? named) : undefined;
}

/** Programs send no Origin. A page that a browser was led to by another name sends that name, and has no business here. */
function isOwnPage(request: Request, host: DoorHost): boolean {
  const origin = request.headers.get('origin');
  return origin === null || origin === new URL(host.url()).origin;
}

function refused(status: number, error: string): Response {
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return Response.json({ error }, { status, headers });
}
