/**
 * Tools for an MCP server of your own, in the protocol's shapes; nothing of its SDK is imported. `skillrouter mcp` is a whole server.
 * Public as `skillrouter/mcp-tools`.
 */
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { ToolAnnotations } from './spec.ts';
import type { ToolContext, Toolset } from './toolset.ts';

/** A row of `tools/list`. */
export interface McpTool {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: 'object'; [key: string]: unknown };
  outputSchema: { type: 'object'; [key: string]: unknown };
  annotations: ToolAnnotations;
}

/** The result of `tools/call`. */
export interface McpResult {
  content: { type: 'text'; text: string }[];
  structuredContent?: { [key: string]: unknown };
  isError?: boolean;
}

export interface McpTools {
  readonly tools: McpTool[];
  /** Never rejects for what input, policy, backend or app refuse: that is a result with `isError`, which the model reads. */
  call(name: string, input: unknown, context?: ToolContext): Promise<McpResult>;
}

export function toMcp(toolset: Toolset): McpTools {
  return {
    tools: toolset.tools.map(({ name, title, description, inputSchema, outputSchema, annotations }) => ({
      name,
      title,
      description,
      inputSchema: objectSchema(inputSchema),
      outputSchema: objectSchema(outputSchema),
      annotations,
    })),
    call: async (name, input, context) => {
      const outcome = await toolset.call(name, input, context);
      const content = [{ type: 'text' as const, text: outcome.text }];
      if (!outcome.ok) return { content, structuredContent: { ...outcome.error }, isError: true };
      return { content, ...(isObject(outcome.data) ? { structuredContent: { ...outcome.data } } : {}) };
    },
  };
}

function objectSchema(schema: JsonObject): { type: 'object'; [key: string]: unknown } {
  return { ...schema, type: 'object' };
}
