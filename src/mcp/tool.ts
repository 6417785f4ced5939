import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { JsonObject } from '../contract/guards.ts';
import type { Scope } from '../contract/scope.ts';
import type { ToolAnnotations } from '../toolsets/spec.ts';

/** Who calls, by the word of the configuration, a key or a token. Never by that of an argument. */
export interface Caller {
  readonly user: string;
  readonly scope: Scope;
}

/** What has happened in one call so far, over the rounds in which a person was asked. It travels through the client, signed. */
export interface Rounds {
  /** Which call it belongs to. */
  readonly call: string;
  readonly approved?: boolean;
  /** The person was shown a link for this backend. */
  readonly linked?: string;
}

/** What a person did with a question of ours. */
export type Answer = 'none' | 'accept' | 'decline' | 'cancel';

/** One request to a tool, as far as a tool sees it. */
export interface ToolRequest {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Tells the client what is being waited for. */
  progress(message: string): void;
  /** The kinds of question that this client can put to its person. */
  readonly asks: { readonly form: boolean; readonly url: boolean };
  /** The rounds before this one; undefined in the first. */
  readonly rounds: Rounds | undefined;
  /** The answer to the question of that name, and what the person filled in. */
  answer(question: string): { readonly answer: Answer; readonly content: JsonObject };
  sign(rounds: Rounds): Promise<string>;
}

export type ToolResult = CallToolResult | InputRequiredResult;

/** One tool of the server. Both schemas are plain JSON Schema; the input is checked by the tool itself, whose words help more. */
export interface Tool {
  /** `^[a-z][a-z0-9_]{0,39}$` */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  readonly annotations: ToolAnnotations;
  /** Throws RouterError for a refusal. */
  call(input: JsonObject, request: ToolRequest): Promise<ToolResult>;
}
