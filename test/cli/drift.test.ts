import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const drift = (...args: readonly string[]) => runCli(['drift', ...args], { cwd: scratch(), env: { A_KEY: 'none' } });

describe('skillrouter drift', () => {
  it('ends with 0 when every cell still fits', async () => {
    const { code, stdout } = await drift('--sandbox');
    expect(code).toBe(0);
    expect(stdout).toMatch(/composio {2}the same {2}14 tools listed/);
    expect(stdout).toMatch(/rest {2}nothing to list/);
  });

  it('ends with 4 when one does not, and writes what would fit again', async () => {
    const { code, stdout, stderr } = await drift(
      '--sandbox',
      '--tool-set',
      'membrane=changed',
      '--backends',
      'membrane',
      '--patch',
      'drift.yaml',
    );
    expect(code).toBe(4);
    expect(stdout).toMatch(/required field +create-task +assigned_to +is required now +task\.create/);
    expect(stderr).toContain('drift.yaml');
    expect(readFileSync(join(scratch(), 'drift.yaml'), 'utf8')).toMatch(/bindings:\n {2}lead\.create:\n {4}proxy: true\n/);
  });

  it('ends with 0 when tools were only added, writes no file, and says so', async () => {
    const { code, lines } = await drift('--sandbox', '--tool-set', 'scalekit=103', '--patch', 'drift.yaml', '--json');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ app: 'close' });
    expect(existsSync(join(scratch(), 'drift.yaml'))).toBe(false);
  });

  it('ends with 5 when no backend could be asked', async () => {
    writeFileSync(
      join(scratch(), 'skillrouter.yaml'),
      `backends:
  composio: { api_key: \${A_KEY}, base_url: 'http://127.0.0.1:9' }
  rest: { api_key: \${A_KEY} }
store: ./journal.db
`,
    );
    const { code, lines } = await drift('--json');
    expect(code).toBe(5);
    expect(lines[0]).toMatchObject({
      backends: [
        { backend: 'composio', state: 'unreachable', error: { code: 'backend_unavailable' } },
        { backend: 'rest', state: 'nothing_to_list' },
      ],
    });
  });

  it.each([
    [['--tool-set', 'composio=6'], '--sandbox'],
    [['--sandbox', '--tool-set', 'composio'], 'composio=6'],
    [['--sandbox', '--tool-set', 'composio=7'], '6, 14'],
    [['--sandbox', '--backends', 'zapier'], 'composio'],
    [['--sandbox', '--tool-set', 'membrane=changed', '--patch', 'no/such/folder/x.yaml'], '--patch'],
  ])('refuses %j with what to do', async (args, words) => {
    const { code, stderr } = await drift(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
