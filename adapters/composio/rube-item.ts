import type { FieldProblem, RouterError } from '../../src/contract/errors.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { readCustom, toProblem } from './door-arguments.ts';
import { type ToolEnvelope, toEnvelope } from './door-execute.ts';
import { detailsOf, type RubeCall, type RubeDesk } from './rube-desk.ts';

/** One tool to run. */
export interface Item {
  readonly slug: string;
  readonly args: JsonObject;
  /** Its place in the call. */
  readonly index: number;
}

/** What came of it. `error_details` is not of Rube's protocol: the error's code, and what a program needs to go on. */
export interface ItemResult {
  readonly tool_slug: string;
  readonly index: number;
  readonly response: Omit<ToolEnvelope, 'session_info'> | null;
  readonly error: string | null;
  readonly error_details?: JsonObject;
}

/** Runs one tool. What it refuses, or what the app does, is a result; only bugs throw. */
export async function executeTool(desk: RubeDesk, call: RubeCall, { slug, args, index }: Item): Promise<ItemResult> {
  const name = desk.toolbox.named(slug);
  if (name === undefined) return unknownTool(desk, call, slug, index);
  const read = await desk.toolbox.read(name, readCustom(args));
  if ('problems' in read) return wrongArguments(slug, index, read.problems);
  const { request } = read;
  const context = {
    user: call.user,
    signal: call.signal,
    ...(call.idempotencyKey === undefined ? {} : { idempotencyKey: `${call.idempotencyKey}:${index}` }),
  };
  const outcome = await desk.host.executor.run({ operation: `${desk.app.id}.${request.operation}`, input: request.input }, context);
  const details = outcome.ok ? {} : { error_details: detailsOf(outcome.error) };
  try {
    const { session_info: _, ...envelope } = toEnvelope(desk.app, request, outcome);
    const response = { ...envelope, log_id: outcome.receipt?.id ?? envelope.log_id };
    return { tool_slug: slug, index, response, error: response.error, ...details };
  } catch (error) {
    // The envelope is made of what the app says; of whatever stopped the call before that there is none.
    if (!isRouterError(error)) throw error;
    return { tool_slug: slug, index, response: null, error: toldTo(error, desk, call), ...details };
  }
}

function unknownTool({ toolbox }: RubeDesk, { prefix }: RubeCall, slug: string, index: number): ItemResult {
  const shown = slug.slice(0, 100);
  const close = toolbox.closest(slug);
  const hint = close.length > 0 ? ` Did you mean ${close.join(', ')}?` : '';
  return {
    tool_slug: shown,
    index,
    response: null,
    error: `Tool ${shown} not found.${hint} Find tools with ${prefix}SEARCH_TOOLS; nothing was sent.`,
    error_details: { code: 'unknown_operation', retryable: false, nearest: close },
  };
}

function wrongArguments(slug: string, index: number, problems: readonly FieldProblem[]): ItemResult {
  return {
    tool_slug: slug,
    index,
    response: null,
    error: `Invalid arguments for ${slug}: ${problems.slice(0, MOST_TOLD).map(toProblem).join('; ')}. Nothing was sent.`,
    error_details: { code: 'invalid_input', retryable: false, fields: problems.slice(0, MOST_TOLD) },
  };
}

const MOST_TOLD = 20;

/** What to do next, in the words of this door. The first sentence is the documented one. */
function toldTo(error: RouterError, { app }: RubeDesk, { prefix }: RubeCall): string {
  if (error.code === 'connection_required') {
    const connect = `Call ${prefix}MANAGE_CONNECTIONS with toolkits ["${app.id}"], show the user the link, then call ${prefix}WAIT_FOR_CONNECTIONS.`;
    return `No active connected account found for toolkit: ${app.id}. ${connect} Nothing was sent.`;
  }
  if (error.code === 'approval_required') {
    const consent = 'Tell the user what you want to do; whoever keeps this server can run it with consent, or loosen policy.ask.';
    return `approval_required: ${error.details.what}. ${consent} Nothing was sent.`;
  }
  return `${error.code}: ${error.message}`;
}
