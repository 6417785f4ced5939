/** Models that play a script, so that the examples run offline: one for the AI SDK, and servers that OpenAI's and Anthropic's clients talk to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockLanguageModelV4 } from 'ai/test';

/** One turn of the model: a call of a tool, whose input may depend on what the model has read so far, or its last words. */
export type Turn = string | { readonly tool: string; readonly input: object | ((read: string) => object) };

/** A model for the AI SDK. */
export function scriptedModel(turns: readonly Turn[]): MockLanguageModelV4 {
  const next = player(turns);
  return new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const { turn, id, input } = next(JSON.stringify(prompt));
      const isCall = typeof turn !== 'string';
      return {
        content: isCall
          ? [{ type: 'tool-call', toolCallId: id, toolName: turn.tool, input: JSON.stringify(input) }]
          : [{ type: 'text', text: turn }],
        finishReason: { unified: isCall ? 'tool-calls' : 'stop', raw: undefined },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
      };
    },
  });
}

export interface ModelServer extends AsyncDisposable {
  readonly url: string;
  /** Bodies of the requests so far. */
  readonly asked: readonly unknown[];
}

/** `POST /responses`, as OpenAI answers it. */
export function openAiServer(turns: readonly Turn[]): Promise<ModelServer> {
  const next = player(turns);
  return serve((body) => {
    const { turn, id, input } = next(JSON.stringify(body));
    const item =
      typeof turn === 'string'
        ? {
            type: 'message',
            id: `msg_${id}`,
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: turn, annotations: [] }],
          }
        : { type: 'function_call', id: `fc_${id}`, call_id: id, name: turn.tool, arguments: JSON.stringify(input), status: 'completed' };
    return { id: `resp_${id}`, object: 'response', created_at: 0, status: 'completed', model: 'scripted', output: [item] };
  });
}

/** `POST /v1/messages`, as Anthropic answers it. */
export function anthropicServer(turns: readonly Turn[]): Promise<ModelServer> {
  const next = player(turns);
  return serve((body) => {
    const { turn, id, input } = next(JSON.stringify(body));
    const isCall = typeof turn !== 'string';
    return {
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model: 'scripted',
      content: [isCall ? { type: 'tool_use', id, name: turn.tool, input } : { type: 'text', text: turn }],
      stop_reason: isCall ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    };
  });
}

/** The last id of a kind that the model has read. */
export function lastId(read: string, prefix: string): string {
  const found = read.match(new RegExp(`${prefix}_[A-Za-z0-9]+`, 'g'))?.at(-1);
  if (found === undefined) throw new Error(`the model has read no ${prefix}_…`);
  return found;
}

function player(turns: readonly Turn[]): (read: string) => { turn: Turn; id: string; input: object } {
  let at = 0;
  return (read) => {
    const turn = turns[at];
    if (turn === undefined) throw new Error('the script has no further turn');
    at += 1;
    const input = typeof turn === 'string' ? {} : typeof turn.input === 'function' ? turn.input(read) : turn.input;
    return { turn, id: `call_${at}`, input };
  };
}

async function serve(reply: (body: unknown) => object): Promise<ModelServer> {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    try {
      const body: unknown = JSON.parse(await textOf(request));
      asked.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply(body)));
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: String(error) } }));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with it.
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
