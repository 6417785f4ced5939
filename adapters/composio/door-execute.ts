import { Hono } from 'hono';
import { type ToolRequest, toToolData } from '../../src/binding/arguments.ts';
import { isOfApp } from '../../src/binding/serve.ts';
import type { App } from '../../src/contract/app.ts';
import type { CallContext, Outcome } from '../../src/contract/executor.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { readArguments } from './door-arguments.ts';
import { accountById, bodyOf, type Call, type Desk, type Env, Refusal, refuse, visible } from './door-desk.ts';
import { isActive, keyOf } from './door-outcome.ts';
import { findTool } from './door-toolkits.ts';

/** What a named tool answers. */
export interface ToolEnvelope {
  readonly data: JsonObject;
  readonly error: string | null;
  readonly successful: boolean;
  readonly log_id: string;
  readonly session_info: null;
}

/** Runs named tools. */
export function executeRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .post('/:slug', async (call) => call.json(await execute(desk, call, call.req.param('slug'))))
    .post('/:slug/input', () => {
      throw new Refusal(501, 'HTTP_NotImplemented', 'Arguments are not made from text here');
    });
}

async function execute(desk: Desk, call: Call, slug: string): Promise<object> {
  const body = await bodyOf(call);
  const tool = findTool(desk.set, slug, stringAt(body, 'version'));
  if (body['text'] !== undefined && body['text'] !== null)
    throw new Refusal(501, 'HTTP_NotImplemented', 'Arguments are not made from text here');
  if (isObject(body['custom_auth_params']) || isObject(body['custom_connection_data'])) {
    throw new Refusal(501, 'HTTP_NotImplemented', 'Credentials in the call are not taken here');
  }
  const args = body['arguments'] ?? {};
  if (!isObject(args)) throw refuse.malformed('arguments must be an object');
  const context = await contextOf(desk, call, body);
  const request = readArguments(desk.binding, tool, args);
  const outcome = await desk.host.executor.run({ operation: `${desk.app.id}.${request.operation}`, input: request.input }, context);
  return toEnvelope(desk.app, request, outcome);
}

/** The account by its id, or any ACTIVE one of the user: which of several is the executor's choice. */
async function contextOf(desk: Desk, call: Call, body: JsonObject): Promise<CallContext> {
  const id = stringAt(body, 'connected_account_id');
  const user = stringAt(body, 'user_id') ?? stringAt(body, 'entity_id') ?? call.get('caller').user;
  const more = { signal: call.req.raw.signal, ...keyOf(call) };
  if (id !== undefined) {
    const account = await accountById(desk, call, id).catch(() => undefined);
    // guess: an account of another user is answered like one that does not exist.
    if (account?.status !== 'active' || (user !== undefined && account.user !== user)) throw refuse.notConnected();
    return { user: account.user, connection: account.id, ...more };
  }
  if (user === undefined) throw refuse.malformed('user_id or connected_account_id is required');
  const accounts = await visible(desk, call, { app: desk.app.id, users: [user] });
  if (!accounts.some(isActive)) throw refuse.notConnected();
  return { user, ...more };
}

/** What the app refused is a result, with HTTP 200; what never reached the app is thrown and refused by the door. */
export function toEnvelope(app: App, request: ToolRequest, outcome: Outcome): ToolEnvelope {
  const log = { log_id: `log_${crypto.randomUUID()}`, session_info: null };
  if (outcome.ok) return { data: toToolData(request, outcome.data), error: null, successful: true, ...log };
  if (!isOfApp(outcome.error)) throw outcome.error;
  const { status, body } = app.errors.write(outcome.error);
  const message = messageOf(body);
  // guess: that the app's error body stands in `message`; the shape is that of the changelog of 2026-01-07.
  return { data: { http_error: `${status} Client Error`, status_code: status, message }, error: message, successful: false, ...log };
}

function messageOf(body: unknown): string {
  const text = stringAt(body, 'error');
  return text ?? JSON.stringify(body ?? {});
}
