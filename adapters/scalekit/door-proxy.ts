import { CLOSE_API, isBelow } from '../../src/binding/match.ts';
import { serveRequest } from '../../src/binding/serve.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type Call, CODE, contextFor, type Desk, Refusal } from './door-desk.ts';
import { enforce, RULES } from './door-rules.ts';

const API_PATH = `${new URL(CLOSE_API).pathname}/`;

/** Passes the app's own HTTP request on, with the credential of the connected account. The answer is the app's, status and all. */
export async function proxy(desk: Desk, request: Request, path: string, call: Call): Promise<Response> {
  const connector = request.headers.get('connection_name') ?? '';
  const identifier = request.headers.get('identifier') ?? '';
  enforce([
    ['connection_name', connector, RULES.connector],
    ['identifier', identifier, RULES.identifier],
  ]);
  if (connector === '' || identifier === '') throw new Refusal(CODE.invalid, 'connection_name and identifier are required');
  // guess: that Scalekit refuses such a path itself, and does not leave it to the app.
  if (!isBelow(path)) throw new Refusal(CODE.invalid, 'the path leads out of the proxy');
  const context = await contextFor(desk, call, { connector, identifier });
  if (!path.startsWith(API_PATH)) return respond(desk, noSuchPath());
  const body = await readBody(request);
  if (body === 'unreadable') return respond(desk, brokenBody());
  const query = new URL(request.url).searchParams;
  const foreign = { method: request.method, path, query, ...(body === undefined ? {} : { body }) };
  const served = await serveRequest(desk.app, foreign, {
    run: (canonical) => desk.host.executor.run(canonical, context),
    now: () => desk.host.now(),
  });
  if (served.kind === 'refused') throw served.error;
  const { status, headers, body: content } = served;
  return content === undefined ? new Response(null, { status, headers }) : Response.json(content, { status, headers });
}

/** undefined: none was sent. guess: a body that is no JSON is passed on, and Close refuses it. */
async function readBody(request: Request): Promise<JsonObject | undefined | 'unreadable'> {
  const text = await request.text();
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function respond({ app }: Desk, error: RouterError): Response {
  const { status, headers, body } = app.errors.write(error);
  return Response.json(body, { status, headers });
}

function noSuchPath(): RouterError {
  return new RouterError('not_found', { what: 'the app has no such path', next: `Its API is below ${API_PATH}.`, status: 404 });
}

function brokenBody(): RouterError {
  return new RouterError('invalid_input', { what: 'the body is not a JSON object', next: 'Correct the JSON.' });
}
