/** An agent on Anthropic's tool runner, offline: node test/toolsets/examples/anthropic.ts. In a program of yours the imports are `skillrouter` and `skillrouter/sandbox`. */
import Anthropic from '@anthropic-ai/sdk';
import { createRouter } from '../../../src/index.ts';
import { sandboxBackends, startSandbox } from '../../../src/sandbox.ts';
import { anthropicServer, lastId } from './scripted-model.ts';

// A Close CRM in memory. With an account: createRouter({ backends: { composio: { api_key: '${COMPOSIO_API_KEY}' } } })
await using sandbox = await startSandbox();
await using router = createRouter({ ...sandboxBackends(sandbox.ready), store: ':memory:' });
// Plays a script in Anthropic's place; leave it and `baseURL` out to talk to a model.
await using server = await anthropicServer([
  { tool: 'close_lead_create', input: { name: 'Acme' } },
  { tool: 'close_lead_delete', input: (read) => ({ lead_id: lastId(read, 'lead') }) },
  'Acme was in Close for a moment.',
]);
const anthropic = new Anthropic({ apiKey: 'scripted', baseURL: server.url });

const message = await anthropic.beta.messages.toolRunner({
  model: 'claude-opus-4-5',
  max_tokens: 1024,
  tools: await router.tools({
    format: 'anthropic',
    operations: ['lead.*'],
    // Asked before anything is deleted or reaches a person.
    approve: ({ title, input }) => {
      console.log(`${title}? ${Object.keys(input).join(', ')} → yes`);
      return true;
    },
  }),
  messages: [{ role: 'user', content: 'Put Acme into Close, then delete it again.' }],
});

for (const block of message.content) if (block.type === 'text') console.log(block.text);
