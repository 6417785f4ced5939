/** An agent on Vercel's AI SDK, offline: node test/toolsets/examples/ai-sdk.ts. In a program of yours the imports are `skillrouter` and `skillrouter/sandbox`. */
import { generateText, isStepCount } from 'ai';
import { createRouter, type ToolOutcome } from '../../../src/index.ts';
import { sandboxBackends, startSandbox } from '../../../src/sandbox.ts';
import { lastId, scriptedModel } from './scripted-model.ts';

// A Close CRM in memory. With an account: createRouter({ backends: { composio: { api_key: '${COMPOSIO_API_KEY}' } } })
await using sandbox = await startSandbox();
await using router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' });

const { text, steps } = await generateText({
  // Your model here, e.g. openai('gpt-5.4'); this one plays a script.
  model: scriptedModel([
    { tool: 'close_lead_create', input: { name: 'Acme' } },
    { tool: 'close_call_log', input: (read) => ({ lead_id: lastId(read, 'lead'), direction: 'outbound', duration: 120 }) },
    'Acme is in Close, with your call.',
  ]),
  tools: await router.tools({ format: 'ai-sdk', operations: ['lead.find', 'lead.create', 'call.log'] }),
  stopWhen: isStepCount(5),
  prompt: 'I just had a two-minute call with Acme, a new customer. Put it into Close.',
});

for (const { toolName, output } of steps.flatMap(({ toolResults }) => toolResults)) {
  console.log(`${toolName} → ${(output as ToolOutcome).text.split('\n')[0]}`);
}
console.log(text);
