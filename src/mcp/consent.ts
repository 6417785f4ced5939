import { inputRequired } from '@modelcontextprotocol/server';
import { ERRORS, type ErrorJson, isRouterError } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import { plainText } from '../toolsets/plain-text.ts';
import type { OperationFacts, Services } from './services.ts';
import type { ToolRequest, ToolResult } from './tool.ts';

/** What a person has said to one call, over the rounds so far. */
export interface Consent {
  readonly approved: boolean;
  /** They were shown a link for this backend. */
  readonly linked?: string;
  /** And went to open it. */
  readonly opened?: boolean;
  /** They do not want the call. */
  readonly refusal?: ErrorJson;
}

/** Only what was signed for this very call counts: an answer alone, or one to another input, is none. */
export function consentOf({ rounds, answer }: Pick<ToolRequest, 'rounds' | 'answer'>, call: string): Consent {
  if (rounds?.call !== call) return { approved: false };
  const { answer: said, content } = answer('approve');
  const decided = said === 'accept' && stringAt(content, 'decision') === 'approve';
  if (said !== 'none' && !decided) return { approved: false, refusal: said === 'cancel' ? UNANSWERED : DECLINED };
  return {
    approved: decided || rounds.approved === true,
    ...(rounds.linked === undefined ? {} : { linked: rounds.linked, opened: answer('connect').answer === 'accept' }),
  };
}

/** Puts the call before the person, as it would be sent. undefined: this client cannot. */
export async function askApproval(
  { facts, call, input }: { readonly facts: OperationFacts; readonly call: string; readonly input: JsonObject },
  { asks, caller, sign }: ToolRequest,
): Promise<ToolResult | undefined> {
  if (!asks.form) return undefined;
  const message = plainText(`Approve ${facts.operation} as ${caller.user}? ${facts.summary}.\n${shown(input)}`);
  const decision = { type: 'string' as const, title: 'Decision', description: 'Nothing is sent unless you approve.', enum: DECISIONS };
  const form = { type: 'object' as const, properties: { decision }, required: ['decision'] };
  return inputRequired({
    inputRequests: { approve: inputRequired.elicit({ message, requestedSchema: form }) },
    requestState: await sign({ call }),
  });
}

const DECISIONS = ['approve', 'decline'];

/** Gives the person the link of the first backend that has one. undefined: there is none, or this client cannot show it. */
export async function askConnection(
  links: unknown,
  { call, approved }: { readonly call: string; readonly approved: boolean },
  { asks, sign }: Pick<ToolRequest, 'asks' | 'sign'>,
): Promise<ToolResult | undefined> {
  const offered: readonly unknown[] = Array.isArray(links) ? links : [];
  const link = offered.filter(isObject).find((one) => isWebAddress(stringAt(one, 'url')));
  const [url, backend] = [stringAt(link, 'url'), stringAt(link, 'backend')];
  if (!asks.url || url === undefined || backend === undefined) return undefined;
  const message = plainText(`Connect your account through ${backend} to go on. ${stringAt(link, 'how') ?? ''}`);
  return inputRequired({
    inputRequests: { connect: inputRequired.elicitUrl({ message, url }) },
    requestState: await sign({ call, linked: backend, ...(approved ? { approved } : {}) }),
  });
}

/** That somebody went to open a page proves nothing: waits until a connection is really usable, or for as long as is polite. */
export async function waitForConnection(
  { connections }: Services,
  { app, backend }: { readonly app: string; readonly backend: string },
  { caller, signal, progress }: ToolRequest,
): Promise<boolean> {
  const query = { app, user: caller.user, backend, timeoutMs: POLITE_MS };
  try {
    await connections.wait(query, (status) => progress(`the connection is ${status}`), signal);
    return true;
  } catch (error) {
    if (isRouterError(error)) return false;
    throw error;
  }
}

const POLITE_MS = 30_000;

const LONGEST_SHOWN = 4000;

function shown(input: JsonObject): string {
  const text = JSON.stringify(input, null, 2);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…\n(${text.length - LONGEST_SHOWN} further characters)`;
}

/** No link of a backend leads to a page of another kind. */
function isWebAddress(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

const DECLINED: ErrorJson = {
  code: 'approval_required',
  message: 'The person declined this call; nothing was sent',
  retryable: false,
  next: 'Do not call it again, and do not try another way round. Ask the person what to do instead.',
  details: {},
};

const UNANSWERED: ErrorJson = {
  code: 'approval_required',
  message: 'The person did not answer; nothing was sent',
  retryable: ERRORS.approval_required.retryable,
  next: 'Ask the person whether they want it before you call it again.',
  details: {},
};
