/**
 * Tools for Anthropic's SDK, by its structure alone: nothing of `@anthropic-ai/sdk` is imported. They go into
 * `client.beta.messages.toolRunner({ tools })`, or into `messages.create`, which ignores what it cannot send. Public as `skillrouter/anthropic`.
 */
import type { JsonObject } from '../contract/guards.ts';
import type { Toolset } from './toolset.ts';

export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: { type: 'object'; [key: string]: unknown };
  input_examples: { [key: string]: unknown }[];
  /** What the runner calls. Rejects where the call fails: the runner makes an error result of it for the model. */
  run: (input: JsonObject, context?: { readonly signal?: AbortSignal | null | undefined }) => Promise<string>;
  parse: (content: unknown) => JsonObject;
}

/** Calls that need consent are put to the toolset's `approve`; without one they end with `approval_required`. */
export function toAnthropic({ tools, call }: Toolset): AnthropicTool[] {
  return tools.map(({ name, description, inputSchema, examples }) => ({
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' },
    input_examples: examples.map((input) => ({ ...input })),
    run: async (input, context) => {
      const outcome = await call(name, input, context?.signal ? { signal: context.signal } : {});
      if (outcome.ok) return outcome.text;
      throw new Error(outcome.text);
    },
    // The toolset reads the input, and says what is wrong with it.
    parse: (content) => content as JsonObject,
  }));
}
