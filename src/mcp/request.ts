import {
  CLIENT_CAPABILITIES_META_KEY,
  inputResponse,
  type RequestStateCodec,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Answer, Caller, Rounds, ToolRequest } from './tool.ts';

/** What the SDK knows of a request, in the words of our tools. */
export function requestOf(context: ServerContext, server: Server, caller: Caller, codec: RequestStateCodec<Rounds>): ToolRequest {
  const { mcpReq } = context;
  return {
    caller,
    signal: mcpReq.signal,
    progress: progressOf(context),
    asks: asksOf(declaredIn(mcpReq.envelope) ?? server.getClientCapabilities()),
    rounds: roundsIn(mcpReq.requestState()),
    answer: (question) => answerTo(mcpReq.inputResponses, question),
    sign: (rounds) => codec.mint(rounds, context),
  };
}

/** Since 2026-07-28 every request says what its client can. */
function declaredIn(envelope: unknown): unknown {
  return isObject(envelope) ? envelope[CLIENT_CAPABILITIES_META_KEY] : undefined;
}

/** Which questions a client can put to its person. A bare `elicitation` is the form of earlier revisions. */
function asksOf(capabilities: unknown): ToolRequest['asks'] {
  const elicitation = isObject(capabilities) ? capabilities['elicitation'] : undefined;
  if (!isObject(elicitation)) return { form: false, url: false };
  return { form: isObject(elicitation['form']) || Object.keys(elicitation).length === 0, url: isObject(elicitation['url']) };
}

/** Counts on: a client takes progress only when it grows. Nobody waits for a client that does not read it. */
function progressOf({ mcpReq }: ServerContext): (message: string) => void {
  const progressToken = mcpReq._meta?.progressToken;
  let progress = 0;
  if (progressToken === undefined) return () => undefined;
  return (message) => {
    progress += 1;
    mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => undefined);
  };
}

/** The signature was checked before; the form is checked here. */
function roundsIn(state: unknown): Rounds | undefined {
  const call = stringAt(state, 'call');
  const linked = stringAt(state, 'linked');
  if (call === undefined) return undefined;
  return { call, approved: isObject(state) && state['approved'] === true, ...(linked === undefined ? {} : { linked }) };
}

function answerTo(
  responses: Record<string, unknown> | undefined,
  question: string,
): { readonly answer: Answer; readonly content: JsonObject } {
  const found = inputResponse(responses, question);
  if (found.kind !== 'elicit') return { answer: 'none', content: {} };
  return { answer: found.action, content: found.content ?? {} };
}
