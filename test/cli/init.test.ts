import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => runCli(args, { cwd: scratch(), env });
/** A reference to the environment. */
const env = (name: string) => `\${${name}}`;
const written = (file = 'skillrouter.yaml') => readFileSync(join(scratch(), file), 'utf8');

describe('init', () => {
  it('writes a configuration that refers to secrets and holds none, and doctor accepts it', async () => {
    const env = { COMPOSIO_API_KEY: 'ak_topsecret', CLOSE_API_KEY: 'api_topsecret' };
    const { lines, code, stdout } = await run(['init', '--yes', '--as', 'ada', '--auth-config', 'ac_1', '--json'], env);
    expect(lines[0]).toEqual({
      file: 'skillrouter.yaml',
      variables: [
        { name: 'COMPOSIO_API_KEY', set: true },
        { name: 'CLOSE_API_KEY', set: true },
      ],
    });
    expect(code).toBe(0);
    expect(stdout + written()).not.toContain('topsecret');
    expect(written()).toContain('ac_1');
    const checked = await run(['doctor', '--json', '--app', 'close'], { COMPOSIO_API_KEY: 'x' });
    expect(checked.lines[0]).toMatchObject({
      ok: false,
      checks: [
        { name: 'node', ok: true },
        {
          name: 'configuration',
          ok: false,
          code: 'configuration',
          detail: expect.stringContaining('CLOSE_API_KEY is not set'),
          next: expect.stringContaining('"export CLOSE_API_KEY=…"'),
        },
      ],
    });
    expect(checked.code).toBe(2);
  });

  it('takes the backends it is told', async () => {
    await run(['init', '--yes', '--backend', 'rest', '--file', 'other.yaml']);
    expect(written('other.yaml')).toContain('prefer: [rest]');
    expect(written('other.yaml')).not.toContain('composio');
  });

  it('writes what any YAML reader takes for text, for every backend and odd names', async () => {
    await run(['init', '--yes', ...['composio', 'membrane', 'scalekit', 'rest'].flatMap((name) => ['--backend', name]), '--as', 'zoë: #1']);
    const { backends, default_user } = parse(written()) as { backends: object; default_user: string };
    expect(backends).toMatchObject({
      composio: { api_key: env('COMPOSIO_API_KEY') },
      membrane: { workspace_key: env('MEMBRANE_WORKSPACE_KEY'), workspace_secret: env('MEMBRANE_WORKSPACE_SECRET') },
      scalekit: { env_url: env('SCALEKIT_ENV_URL'), client_id: env('SCALEKIT_CLIENT_ID'), client_secret: env('SCALEKIT_CLIENT_SECRET') },
      rest: { api_key: env('CLOSE_API_KEY') },
    });
    expect(default_user).toBe('zoë: #1');
  });

  it('makes no folder that nobody asked for', async () => {
    const { code, stderr } = await run(['init', '--yes', '--file', 'no/such/skillrouter.yaml']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('its folder does not exist')]);
    expect(existsSync(join(scratch(), 'no'))).toBe(false);
  });

  it('overwrites only with --force', async () => {
    writeFileSync(join(scratch(), 'skillrouter.yaml'), 'mine');
    const refused = await run(['init', '--yes']);
    expect([refused.code, written()]).toEqual([2, 'mine']);
    expect(refused.stderr).toContain('--force');
    expect((await run(['init', '--yes', '--force'])).code).toBe(0);
    expect(written()).toContain('backends:');
  });

  it('asks nobody when nobody is there, and knows its backends', async () => {
    expect((await run(['init'])).code).toBe(0);
    const { code, stderr } = await run(['init', '--backend', 'zapier', '--force']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('composio')]);
  });
});

describe('doctor', () => {
  it('says what is missing when there is no configuration', async () => {
    const { lines, code } = await run(['doctor', '--json']);
    expect(lines[0]).toMatchObject({ ok: false, checks: [{ ok: true }, { ok: false, next: expect.stringContaining('skillrouter init') }] });
    expect(code).toBe(2);
  });

  it('tells a backend that cannot be reached', async () => {
    writeFileSync(join(scratch(), 'skillrouter.yaml'), `backends:\n  composio: { api_key: \${ANY}, base_url: http://127.0.0.1:9 }\n`);
    const { lines, code } = await run(['doctor', '--json'], { ANY: 'ak_1' });
    const { checks } = lines[0] as unknown as { checks: readonly { name: string; code?: string }[] };
    expect(checks.find(({ name }) => name === 'backend composio')).toMatchObject({ code: 'backend_unavailable' });
    expect(code).toBe(5);
  });

  it('keeps the calls of the sandbox in memory where nothing can be written', async () => {
    writeFileSync(join(scratch(), '.skillrouter'), 'in the way');
    const { stdout, code } = await run(['doctor', '--sandbox']);
    expect(stdout).toMatch(/ok +journal +:memory: can be written/);
    expect(stdout).toMatch(/backend composio +1 connection of ada$/m);
    expect(code).toBe(0);
  });

  it('is content with the sandbox', async () => {
    const { stdout, code } = await run(['doctor', '--sandbox']);
    expect(stdout).toMatch(/ok +usable +\d+ ACTIVE connections of ada/);
    expect(code).toBe(0);
  });
});
