/** An agent on OpenAI's Responses API, offline: node test/toolsets/examples/openai.ts. In a program of yours the imports are `skillrouter` and `skillrouter/sandbox`. */
import OpenAI from 'openai';
import { createRouter } from '../../../src/index.ts';
import { sandboxBackends, startSandbox } from '../../../src/sandbox.ts';
import { lastId, openAiServer } from './scripted-model.ts';

// A Close CRM in memory. With an account: createRouter({ backends: { composio: { api_key: '${COMPOSIO_API_KEY}' } } })
await using sandbox = await startSandbox();
await using router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' });
// Plays a script in OpenAI's place; leave it and `baseURL` out to talk to a model. Strict mode: a field that is left out is null.
await using server = await openAiServer([
  { tool: 'close_lead_create', input: { name: 'Acme', url: null, description: null } },
  { tool: 'close_call_log', input: (read) => ({ lead_id: lastId(read, 'lead'), direction: 'outbound', duration: 120, note: null }) },
  'Acme is in Close, with your call.',
]);
const openai = new OpenAI({ apiKey: 'scripted', baseURL: server.url });

const { tools, run } = await router.tools({ format: 'openai', operations: ['lead.find', 'lead.create', 'call.log'] });
const input = 'I just had a two-minute call with Acme, a new customer. Put it into Close.';
let response = await openai.responses.create({ model: 'gpt-5.4', tools, input });
for (;;) {
  const calls = response.output.filter((item) => item.type === 'function_call');
  if (calls.length === 0) break;
  const results = await Promise.all(calls.map((call) => run(call)));
  for (const [at, { output }] of results.entries()) console.log(`${calls[at]?.name} → ${output.split('\n')[0]}`);
  response = await openai.responses.create({ model: 'gpt-5.4', tools, previous_response_id: response.id, input: results });
}
console.log(response.output_text);
