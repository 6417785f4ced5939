/** Tools for Vercel's AI SDK 7 (`ai`), by its structure alone: nothing of it is imported. Public as `skillrouter/ai-sdk`. */
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { ToolOutcome } from './outcome.ts';
import type { Tool, Toolset } from './toolset.ts';

/** Standard Schema with JSON Schema: the form in which the AI SDK takes a schema that no library of its own made. */
export interface AiSdkSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: 'skillrouter';
    readonly validate: (value: unknown) => { readonly value: JsonObject } | { readonly issues: readonly { readonly message: string }[] };
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>;
      readonly output: () => Record<string, unknown>;
    };
  };
}

export interface AiSdkTool {
  description: string;
  inputSchema: AiSdkSchema;
  inputExamples: { input: JsonObject }[];
  /** Waits for a person where the call deletes or reaches somebody, or what else the scope asks about. */
  needsApproval: (input: JsonObject) => boolean;
  execute: (input: JsonObject, options?: { readonly abortSignal?: AbortSignal | undefined }) => Promise<ToolOutcome>;
  /** The model reads the short text; the program finds the data in the tool's result. */
  toModelOutput: (options: { output: ToolOutcome }) => { type: 'text' | 'error-text'; value: string };
}

/** Goes into `generateText({ tools })` as it is. */
export type AiSdkTools = Record<string, AiSdkTool>;

/** What the AI SDK lets through has been approved: it stops at `needsApproval` before it calls `execute`. A toolset's own `approve` asks in its place. */
export function toAiSdk(toolset: Toolset): AiSdkTools {
  return Object.fromEntries(toolset.tools.map((tool) => [tool.name, aiSdkTool(tool, toolset)]));
}

function aiSdkTool(tool: Tool, { call, asksItself }: Toolset): AiSdkTool {
  return {
    description: tool.description,
    inputSchema: schemaOf(tool.inputSchema, tool.outputSchema),
    inputExamples: tool.examples.map((input) => ({ input })),
    needsApproval: (input) => !asksItself && tool.approvalFor(input) === 'ask',
    execute: (input, { abortSignal } = {}) =>
      call(tool.name, input, {
        ...(!asksItself && tool.approvalFor(input) === 'ask' ? { approved: true } : {}),
        ...(abortSignal ? { signal: abortSignal } : {}),
      }),
    toModelOutput: ({ output }) => ({ type: output.ok ? 'text' : 'error-text', value: output.text }),
  };
}

/** Lets any object through: the router checks the fields, and its errors say more to a model than a schema's. */
function schemaOf(input: JsonObject, output: JsonObject): AiSdkSchema {
  return {
    '~standard': {
      version: 1,
      vendor: 'skillrouter',
      validate: (value) => (isObject(value) ? { value } : { issues: [{ message: 'must be an object' }] }),
      // The AI SDK writes into what it gets.
      jsonSchema: { input: () => structuredClone(input), output: () => structuredClone(output) },
    },
  };
}
