import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it.each([
  [
    'ai-sdk',
    [
      'close_lead_create → close.lead.create: done, lead_',
      'close_call_log → close.call.log: done, acti_',
      'Acme is in Close, with your call.',
    ],
  ],
  [
    'openai',
    [
      'close_lead_create → close.lead.create: done, lead_',
      'close_call_log → close.call.log: done, acti_',
      'Acme is in Close, with your call.',
    ],
  ],
  ['anthropic', ['Lead: delete? lead_id → yes', 'Acme was in Close for a moment.']],
])('the example for %s does what it says', async (name, lines) => {
  const { stdout, stderr } = await run(process.execPath, [fileURLToPath(new URL(`examples/${name}.ts`, import.meta.url))]);
  expect(stdout.trim().split('\n')).toEqual(lines.map((line) => expect.stringContaining(line)));
  expect(stderr).toBe('');
});
