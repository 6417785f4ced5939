import { isObject, stringAt } from '../contract/guards.ts';
import type { Serve } from '../contract/host.ts';
import { type Fault, type SeenRequest, type SetFault, Wire } from '../sandbox/faults.ts';
import { createForwarder } from './forward.ts';

/** Stands between an adapter and its backend: hands everything on, until it is told to break something. */
export interface FaultServer extends AsyncDisposable {
  /** The upstream's address, as seen through this server. */
  readonly url: string;
  fault(fault: Fault): SetFault;
  /** Replaces the bodies of answers. */
  rewrite(path: RegExp, change: (body: Buffer) => Buffer | string): void;
  /** What came, oldest first, without query, header or body. */
  requests(): readonly SeenRequest[];
  /** Resolves when a request to such a path has come. */
  arrival(path: RegExp): Promise<void>;
  close(): Promise<void>;
}

export interface FaultServerOptions {
  /** With a path, if it has one; not with a query. */
  readonly upstream: string;
  /** Opens the port; see src/server/host.ts. */
  readonly serve: Serve;
}

export async function startFaultServer({ upstream, serve }: FaultServerOptions): Promise<FaultServer> {
  const { origin, pathname } = new URL(upstream);
  const forwarder = createForwarder(origin);
  const wire = new Wire(() => new Date());
  const rewrites: { readonly path: RegExp; readonly change: (body: Buffer) => Buffer | string }[] = [];
  const waiting = new Set<{ readonly path: RegExp; readonly heard: () => void }>();
  const strike = wire.interceptor('upstream');

  const forward = async (request: Request, sent: Buffer): Promise<Response> => {
    const url = new URL(request.url);
    const answer = await forwarder.send(request, `${url.pathname}${url.search}`, sent);
    const found = rewrites.find(({ path }) => path.test(url.pathname));
    if (!found) return answer;
    // A string or bytes: both are bodies, but the types of Node's Buffer and of the web do not say so.
    const body = Buffer.from(found.change(Buffer.from(await answer.arrayBuffer())) as string);
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
  // What a request is about may stand in its body, which the host shows to whoever serves only.
  const asked = new WeakMap<Response, Request>();
  const opened = await serve({
    mounts: [
      {
        prefix: '',
        fetch: async (request) => {
          const ticket = new Response();
          asked.set(ticket, request);
          return ticket;
        },
        intercept: async ({ method, path: bare }, handle, line) => {
          const ticket = await handle();
          const request = asked.get(ticket);
          if (!request) return ticket;
          const sent = Buffer.from(await request.arrayBuffer());
          const path = `${bare}${labelOf(request, sent)}`;
          const struck = strike({ method, path }, () => forward(request, sent), line);
          for (const one of waiting) if (one.path.test(path)) one.heard();
          return struck;
        },
      },
    ],
  });
  const close = async (): Promise<void> => {
    forwarder.close();
    await opened.close();
  };
  return {
    url: `${opened.url}${pathname.replace(/\/+$/, '')}`,
    fault: (fault) => wire.set(fault),
    rewrite: (path, change) => void rewrites.push({ path, change }),
    requests: () => wire.requests(),
    arrival: (path) => new Promise((heard) => waiting.add({ path, heard })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** All calls of JSON-RPC, MCP's too, go to one path: the method stands behind it, `/mcp#tools/call`. */
function labelOf(request: Request, sent: Buffer): string {
  if (!request.headers.get('content-type')?.includes('json')) return '';
  try {
    const message: unknown = JSON.parse(sent.toString());
    return isObject(message) && message['jsonrpc'] === '2.0' ? `#${stringAt(message, 'method') ?? ''}` : '';
  } catch {
    return '';
  }
}
