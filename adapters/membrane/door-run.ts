import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { toReply } from '../../src/binding/reply.ts';
import { isOfApp } from '../../src/binding/serve.ts';
import type { Connection } from '../../src/contract/connection.ts';
import type { Outcome } from '../../src/contract/executor.ts';
import { type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type Action, actionBy } from './door-actions.ts';
import {
  bodyOf,
  type Call,
  connectionBy,
  type Desk,
  defaultConnection,
  type Env,
  idOf,
  keyOf,
  namedConnection,
  paged,
  refuse,
} from './door-desk.ts';
import { readInput } from './door-input.ts';
import type { Run } from './door-memory.ts';
import { writeRefusal, writeRunFailure } from './errors.ts';

/** `POST /actions/{sel}/run` and `POST /action/run`: the input is wrapped. */
export async function runWrapped(desk: Desk, call: Call, selector: string | undefined): Promise<Response> {
  const action = await actionBy(desk, selector);
  const body = await bodyOf(call);
  return runOn(desk, call, action, await chosen(desk, call, call.req.query()), body['input'] ?? {});
}

/** `POST /connections/{c}/actions/{k}/run`: the SDK sends the input bare. guess: that it is read so. */
export async function runBare(desk: Desk, call: Call, { connection, action }: { connection: string; action: string }): Promise<Response> {
  const found = await actionBy(desk, action);
  return runOn(desk, call, found, await connectionBy(desk, call, connection), await bodyOf(call));
}

/** The connection that is named, or the default one. */
export async function chosen(desk: Desk, call: Call, named: JsonObject): Promise<Connection> {
  return (await namedConnection(desk, call, named)) ?? defaultConnection(desk, call);
}

export async function runOn(desk: Desk, call: Call, action: Action, connection: Connection, input: unknown): Promise<Response> {
  const { cell, operation } = action;
  const { canonical: fields, ignored } = readInput(action, input);
  if (connection.status !== 'active') throw refuse.defunct();
  const canonical = { operation: `${desk.app.id}.${operation.id}`, input: fields };
  const context = { user: connection.user, connection: connection.id, signal: call.req.raw.signal, ...keyOf(call) };
  return recorded(desk, call, { name: cell.tool, connection, ignored }, async () => {
    const outcome = await desk.host.executor.run(canonical, context);
    return outcome.ok ? { output: toReply(operation, outcome.data).body ?? {} } : failure(desk, outcome);
  });
}

export type Ran =
  | { readonly output: unknown }
  | { readonly failure: { readonly status: number; readonly headers?: Record<string, string>; readonly body: object } };

const MOST_NAMES = 20;
const LONGEST_NAME = 60;

/** A run that began has an id, and a record, however it ends. */
export async function recorded(
  desk: Desk,
  call: Call,
  { name, connection, ignored = [] }: { readonly name: string; readonly connection: Connection; readonly ignored?: readonly string[] },
  run: () => Promise<Ran>,
): Promise<Response> {
  const actionRunId = randomUUID();
  const createdAt = desk.host.now().toISOString();
  const ran = await run();
  const error = 'failure' in ran ? { error: ran.failure.body } : {};
  desk.memory.runs.set(actionRunId, {
    id: actionRunId,
    user: connection.user,
    name,
    action: idOf('action', name),
    connection: connection.id,
    status: 'failure' in ran ? 'error' : 'success',
    createdAt,
    completedAt: desk.host.now().toISOString(),
    ...(ignored.length > 0 ? { ignored: ignored.slice(0, MOST_NAMES).map((one) => one.slice(0, LONGEST_NAME)) } : {}),
    ...error,
  });
  if (!('failure' in ran)) return call.json({ output: ran.output, actionRunId });
  const { status, headers = {}, body } = ran.failure;
  return Response.json({ ...body, actionRunId }, { status, headers });
}

/** What the app refused is told inside the error of the run; what never reached the app is Membrane's own. */
export function failure(desk: Desk, { error }: Extract<Outcome, { ok: false }>): Ran {
  return { failure: isOfApp(error) ? writeRunFailure(desk.app.errors.write(error)) : writeRefusal(error) };
}

export function runLogRoutes(desk: Desk): Hono<Env> {
  return new Hono<Env>()
    .get('/', (call) => {
      const { actionId, connectionId, status } = call.req.query();
      const found = own(desk, call).filter(
        (run) =>
          (!actionId || run.action === actionId) &&
          (!connectionId || run.connection === connectionId) &&
          (!status || run.status === status),
      );
      return call.json(
        paged(
          call,
          found.map((run) => toLog(desk, run)),
        ),
      );
    })
    .get('/:id/details', (call) => call.json(toLog(desk, logBy(desk, call))))
    .get('/:id', (call) => call.json(toLog(desk, logBy(desk, call))));
}

function own(desk: Desk, call: Call): readonly Run[] {
  const { user } = call.get('caller');
  return desk.memory.runs.all().filter((run) => user === undefined || run.user === user);
}

function logBy(desk: Desk, call: Call): Run {
  const found = own(desk, call).find(({ id }) => id === call.req.param('id'));
  if (!found) throw refuse.notFound('Action run');
  return found;
}

function toLog(desk: Desk, { id, name, action, connection, user, status, createdAt, completedAt, ignored, error }: Run): JsonObject {
  return {
    id,
    name,
    workspaceId: idOf('workspace', desk.app.id),
    userId: idOf('tenant', user),
    integrationActionId: action,
    integrationId: idOf('integration', desk.integration),
    connectionId: connection,
    status,
    createdAt,
    completedAt,
    duration: Date.parse(completedAt) - Date.parse(createdAt),
    ...(ignored === undefined ? {} : { meta: { ignoredProperties: ignored } }), // guess: the real record has no word of them
    ...(error === undefined ? {} : { error: { message: stringAt(error, 'message') ?? '', ...error } }),
  };
}
