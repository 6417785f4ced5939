import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { createWorld, type World } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { startCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';
import { ROOT, textOf } from '../support/sources.ts';

const scratch = useScratch();

/** The code blocks of one section of the README, by language, as they stand there. */
function blocks(section: string): readonly { readonly language: string; readonly code: string }[] {
  const text =
    textOf('README.md')
      .split(/^## /m)
      .find((one) => one.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
}

const [yaml, composioProgram, scalekitProgram, shell] = blocks('Switching by base URL');

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function openSandbox(): Promise<Sandbox<World>> {
  const doors = Object.entries(BACKENDS).map(async ([name, backend]) => [name, await backend.door({ app: closeApp })] as const);
  const sandbox = await startSandbox({ world: createWorld(), doors: Object.fromEntries(await Promise.all(doors)), serve });
  open.push(() => sandbox.close());
  return sandbox;
}

function readyOf(sandbox: Sandbox<World>, backend: string): { readonly url: string } & Readonly<Record<string, string>> {
  const ready = sandbox.ready.backends[backend];
  if (!ready) throw new Error(`the sandbox has no ${backend}`);
  return ready;
}

/** `skillrouter serve` over Close's own API, and nothing else, with the README's keys. */
async function startServe(sandbox: Sandbox<World>, env: Readonly<Record<string, string>>) {
  const close = sandbox.ready.backends['rest'];
  const text = `backends:\n  rest: { api_key: "\${CLOSE_API_KEY}", base_url: "${close?.url}" }\ndefault_user: ada\n${yaml?.code}`;
  writeFileSync(join(scratch(), 'skillrouter.yaml'), text);
  const child = startCli(['serve', '--port', '0', '--json'], {
    cwd: scratch(),
    env: { ...env, CLOSE_API_KEY: close?.['apiKey'] ?? '' },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  open.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const ready = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.stderr.setEncoding('utf8').once('data', (words: string) => reject(new Error(words)));
    child.once('close', () => reject(new Error('serve ended before it was ready')));
  });
  return { ready: JSON.parse(ready) as { ready: true; backends: Record<string, { url: string }> }, child, ended };
}

/** Runs a program as its author does; what it printed. */
async function run(code: string, env: Readonly<Record<string, string>>): Promise<string> {
  const file = join(scratch(), 'program.mjs');
  writeFileSync(file, code);
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(scratch(), 'node_modules'));
  } catch {
    // it is there from the program before
  }
  const child = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'] ?? '', NO_PROXY: '127.0.0.1,localhost', ...env } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return output.trim();
}

describe('a program whose base URL is changed, and nothing else', () => {
  it('is the README’s, with one variable in front', () => {
    expect(composioProgram?.code).toContain("from '@composio/core'");
    expect(scalekitProgram?.code).toContain("from '@scalekit-sdk/node'");
    expect(shell?.code).toMatch(/^COMPOSIO_BASE_URL=http:\/\/127\.0\.0\.1:4760\/composio node /m);
    expect(shell?.code).toMatch(/^SCALEKIT_ENV_URL=http:\/\/127\.0\.0\.1:4760\/scalekit node /m);
  });

  it('for Composio runs over Close’s own API', async () => {
    const sandbox = await openSandbox();
    const { url, apiKey = '' } = readyOf(sandbox, 'composio');
    const own = { COMPOSIO_API_KEY: apiKey, COMPOSIO_BASE_URL: url };
    expect(await run(composioProgram?.code ?? '', own)).toMatch(/^lead_\w+$/);
    expect(sandbox.counts()['composio']?.['POST']).toBe(1);

    const { ready } = await startServe(sandbox, { COMPOSIO_API_KEY: apiKey, SCALEKIT_CLIENT_SECRET: 'unused-here' });
    expect(await run(composioProgram?.code ?? '', { ...own, COMPOSIO_BASE_URL: ready.backends['composio']?.url ?? '' })).toMatch(
      /^lead_\w+$/,
    );
    expect(sandbox.counts()).toMatchObject({ composio: { POST: 1 }, rest: { POST: 1 } });
    expect(sandbox.world.ledger().map(({ operation }) => operation)).toEqual(['close.lead.create', 'close.lead.create']);
  });

  it('for Scalekit runs over Close’s own API', async () => {
    const sandbox = await openSandbox();
    const { url, clientId = '', clientSecret = '' } = readyOf(sandbox, 'scalekit');
    const own = { SCALEKIT_CLIENT_ID: clientId, SCALEKIT_CLIENT_SECRET: clientSecret, SCALEKIT_ENV_URL: url };
    expect(await run(scalekitProgram?.code ?? '', own)).toMatch(/^lead_\w+$/);

    const { ready } = await startServe(sandbox, { COMPOSIO_API_KEY: 'unused-here', SCALEKIT_CLIENT_SECRET: clientSecret });
    expect(await run(scalekitProgram?.code ?? '', { ...own, SCALEKIT_ENV_URL: ready.backends['scalekit']?.url ?? '' })).toMatch(
      /^lead_\w+$/,
    );
    expect(sandbox.counts()['rest']).toEqual({ POST: 1 });
    expect(sandbox.world.ledger().map(({ operation }) => operation)).toEqual(['close.lead.create', 'close.lead.create']);
  });
});

describe('skillrouter serve', () => {
  it('prints no configured key, and ends well when it is told to', async () => {
    const sandbox = await openSandbox();
    const { ready, child, ended } = await startServe(sandbox, {
      COMPOSIO_API_KEY: 'the-key-of-composio',
      SCALEKIT_CLIENT_SECRET: 'the-secret',
    });
    expect(ready).toMatchObject({ ready: true, user: 'ada', backends: { rest: { url: expect.stringMatching(/\/close\/api\/v1$/) } } });
    expect(Object.keys(ready.backends).toSorted()).toEqual(Object.keys(BACKENDS).toSorted());
    expect(JSON.stringify(ready)).not.toMatch(/the-key|the-secret/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('has a Close in memory behind it with --sandbox', async () => {
    const child = startCli(['serve', '--sandbox', '--port', '0', '--json'], { cwd: scratch() });
    const text = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
    const { backends } = JSON.parse(text) as { backends: Record<string, { url: string; apiKey: string }> };
    const headers = { authorization: `Basic ${Buffer.from(`${backends['rest']?.apiKey}:`).toString('base64')}` };
    const leads: unknown = await (await fetch(`${backends['rest']?.url}/lead/?_limit=1`, { headers })).json();
    expect(leads).toMatchObject({ data: [{ id: expect.stringMatching(/^lead_/) }] });
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  });

  it('opens to other machines only with keys', async () => {
    const child = startCli(['serve', '--sandbox', '--host', '0.0.0.0', '--port', '0', '--json'], { cwd: scratch() });
    const text = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
    expect(JSON.parse(text)).toMatchObject({ ok: false, error: { code: 'configuration', message: expect.stringContaining('serve.keys') } });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
  });
});
