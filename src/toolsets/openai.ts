/** Tools for OpenAI's Responses and Chat Completions, by their structure alone: nothing of `openai` is imported. Public as `skillrouter/openai`. */
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Approval } from './approval.ts';
import { fromStrict, toStrict } from './strict.ts';
import type { Tool, ToolContext, Toolset } from './toolset.ts';

export { fromStrict, toStrict } from './strict.ts';

/** A tool of the Responses API. */
export interface OpenAiTool {
  type: 'function';
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  strict: boolean;
}

/** A tool of Chat Completions. */
export interface OpenAiChatTool {
  type: 'function';
  function: Omit<OpenAiTool, 'type'>;
}

/** What the Responses API says when a model calls a tool. */
export interface OpenAiCall {
  readonly call_id: string;
  readonly name: string;
  readonly arguments: string;
}

/** What Chat Completions say. */
export interface OpenAiChatCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface OpenAiTools {
  readonly tools: OpenAiTool[];
  readonly chatTools: OpenAiChatTool[];
  /** What `run` would say to this call without anybody's consent. */
  approvalFor(call: Pick<OpenAiCall, 'name' | 'arguments'>): Approval;
  /** Runs a call of the Responses API; the answer is the item for the next `input`. */
  run(call: OpenAiCall, context?: ToolContext): Promise<{ type: 'function_call_output'; call_id: string; output: string }>;
  /** Runs a call of Chat Completions; the answer is the next message. */
  runChat(call: OpenAiChatCall, context?: ToolContext): Promise<{ role: 'tool'; tool_call_id: string; content: string }>;
}

export interface OpenAiOptions {
  /** Schemas that the model cannot leave; default true. Null then means absent, and `clear_fields` names what to empty. */
  readonly strict?: boolean;
}

export function toOpenAi(toolset: Toolset, { strict = true }: OpenAiOptions = {}): OpenAiTools {
  const tools = toolset.tools.map((tool) => openAiTool(tool, strict));
  const inputOf = ({ name, arguments: text }: Pick<OpenAiCall, 'name' | 'arguments'>): unknown => {
    const schema = toolset.tools.find((tool) => tool.name === name)?.inputSchema;
    const isStrict = tools.some((tool) => tool.name === name && tool.strict);
    return schema && isStrict ? fromStrict(schema, parsed(text)) : parsed(text);
  };
  const textFor = async (call: Pick<OpenAiCall, 'name' | 'arguments'>, context?: ToolContext): Promise<string> =>
    (await toolset.call(call.name, inputOf(call), context)).text;
  return {
    tools,
    chatTools: tools.map(({ type, ...definition }) => ({ type, function: definition })),
    approvalFor: (call) => toolset.approvalFor(call.name, objectOr(inputOf(call))),
    run: async (call, context) => ({ type: 'function_call_output', call_id: call.call_id, output: await textFor(call, context) }),
    runChat: async ({ id, function: call }, context) => ({ role: 'tool', tool_call_id: id, content: await textFor(call, context) }),
  };
}

/** A schema that strict mode has no words for goes without it, rather than be changed. */
function openAiTool({ name, description, inputSchema }: Tool, wanted: boolean): OpenAiTool {
  const strict = wanted ? strictOrNone(inputSchema) : undefined;
  return { type: 'function', name, description, parameters: { ...(strict ?? inputSchema) }, strict: strict !== undefined };
}

function strictOrNone(schema: JsonObject): JsonObject | undefined {
  try {
    return toStrict(schema);
  } catch {
    return undefined;
  }
}

/** The arguments, or the text as it came: the toolset says what is wrong with it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return text;
  }
}

function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
