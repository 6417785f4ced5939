import { afterEach, describe, expect, it } from 'vitest';
import { type Core, openCore } from '../../src/core.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';

const open: (Core | Sandbox)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

describe('a user whom the backend knows under another name', () => {
  it.each(['composio', 'membrane', 'scalekit'])('calls through %s, by tool and by proxy', async (backend) => {
    const sandbox = await startSandbox({ user: 'acme-ada' });
    const settings = sandboxBackends(sandbox.ready).backends[backend];
    const core = await openCore({
      backends: { [backend]: settings ?? {} },
      users: { ada: { [backend]: { user: 'acme-ada' } } },
      defaultUser: 'ada',
      policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
      store: ':memory:',
    });
    open.push(core, sandbox);
    const reports = await Promise.all(
      ['close.user.list', 'close.webhook.list', 'close.lead.list'].map((operation) => core.router.run(operation, {}, { user: 'ada' })),
    );
    expect(reports.map((report) => (report.ok ? 'ok' : report.error.message))).toEqual(['ok', 'ok', 'ok']);
    expect(new Set(reports.map(({ receipt }) => receipt?.user))).toEqual(new Set(['ada']));
  });
});
