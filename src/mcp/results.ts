import type { CallToolResult } from '@modelcontextprotocol/server';
import { ERRORS, type ErrorCode, type ErrorJson } from '../contract/errors.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import { plainText } from '../toolsets/plain-text.ts';

/** A result: a first line that tells how it went, what a reader needs of it, and all of it as data. */
export function answered(lines: readonly string[], structuredContent: JsonObject): CallToolResult {
  return { content: [{ type: 'text', text: plainText(lines.filter(Boolean).join('\n')) }], structuredContent: { ...structuredContent } };
}

/**
 * What a tool answers, as JSON Schema. A failure has other fields than a success and is held against the same schema by some
 * clients: that is why nothing is required.
 */
export function outputSchema(properties: JsonObject): JsonObject {
  return { type: 'object', properties: { ...properties, code: TEXT, message: TEXT, retryable: { type: 'boolean' }, next: TEXT } };
}

const TEXT = { type: 'string' } as const;

/** A refusal or a failure, in the same three parts for every tool: what, whether a retry helps, what to do next. */
export function failed(error: ErrorJson, next = nextOf(error)): CallToolResult {
  const { code, message, retryable, details } = error;
  // The words of `next` were written for every surface; those of this one take their place.
  const what = message.endsWith(error.next) ? message.slice(0, message.length - error.next.length).trim() : message;
  return {
    ...answered([`error ${code}: ${what}`, ...linesOf(details), `next: ${next}`], {
      code,
      message: what,
      retryable,
      next,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    }),
    isError: true,
  };
}

/** A bug of ours: its message may hold anything, so it is not told. */
export function faulted(): CallToolResult {
  return failed({
    code: 'internal',
    message: 'The server failed at this call',
    retryable: ERRORS.internal.retryable,
    next: 'For a write, look whether it happened before anything else. Tell the person; do not repeat it.',
    details: {},
  });
}

/** The words of an error were written for every surface; commands and flags among them are not to be had here. */
function nextOf({ code, next, details }: ErrorJson): string {
  const own = NEXT[code];
  if (own !== undefined) return own;
  if (code === 'invalid_input' && details['operation'] !== undefined) return CORRECT;
  const plain = next.replaceAll(/\s*\([^()]*(?:skillrouter |--[a-z])[^()]*\)/g, '').split(/(?<=[.?!;])\s+/);
  return plain.filter((sentence) => !/skillrouter |--[a-z]/.test(sentence)).join(' ') || 'Tell the person what the message says.';
}

const CORRECT = 'Correct what the message names and call again; describe_operation lists all fields. Nothing was sent.';

/** What an agent that has these tools does about an error, where it is not what everybody does. */
const NEXT: Partial<Readonly<Record<ErrorCode, string>>> = {
  unknown_operation: 'Take one of the names above, or call search_operations with what you want to do.',
  connection_required:
    'Give the person a link above and say what it is for; only they can open it. Then call connections with wait_seconds, and when it says usable, repeat this call unchanged. Without a link, call connect.',
  unauthenticated: 'The credential was refused: call connect and give the person its link. Then repeat this call.',
  ambiguous_account: 'Ask the person which of the choices is meant, then repeat the call with it as "via".',
  approval_required:
    'Show the person what would be sent. This client cannot put the question to them itself: whoever runs the server can allow the operation with --approve, or mcp.approve in its configuration. Do not look for another way round.',
  unsupported_fields:
    'No connection can carry the fields that the message names: leave them out only if the person agrees, or call connect for another backend.',
  timeout: 'It was not executed, or it was a read: repeat the call once, asking for less if it is a large read.',
  unsupported_operation: 'No connected backend can do this. Call connect for another one, or tell the person.',
  outcome_unknown:
    'The write may have happened. Do not simply repeat it: look for the result first. If the call had an idempotency_key, repeating it with the same key and input is safe.',
};

/** The parts of the details that a reader needs in order to go on. */
function linesOf(details: JsonObject): readonly string[] {
  const { connect, choices, nearest } = details;
  return [
    ...listed(connect).map((link) => (isObject(link) ? `connect ${link['backend']}: ${link['url'] ?? ''} ${link['how'] ?? ''}` : '')),
    listed(choices).length > 0 ? `choices: ${listed(choices).join(', ')}` : '',
    listed(nearest).length > 0 ? `nearest: ${listed(nearest).join(', ')}` : '',
  ];
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
