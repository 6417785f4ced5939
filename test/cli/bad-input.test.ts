import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';

let server: Server;
/** Every request that any call of these tests sent. */
const sent: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    sent.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"lead_1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  sent.length = 0;
  configure('');
});

function configure(more: string): void {
  const { port } = server.address() as AddressInfo;
  const text = `backends:\n  rest: { api_key: \${KEY}, base_url: http://127.0.0.1:${port} }\n${more}`;
  writeFileSync(join(scratch(), 'skillrouter.yaml'), text);
}

const run = (args: readonly string[], stdin?: string) =>
  runCli([...args, '--json'], { cwd: scratch(), env: { KEY: 'api_topsecret' }, ...(stdin === undefined ? {} : { stdin }) });

interface Failure {
  readonly ok: false;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly next: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

async function refusal(args: readonly string[], stdin?: string): Promise<Failure['error']> {
  const { lines, code, stdout, stderr } = await run(args, stdin);
  const [report] = lines as unknown as readonly Failure[];
  expect(report?.ok, stdout + stderr).toBe(false);
  expect(code).toBe(2);
  expect(sent).toEqual([]);
  expect(stdout + stderr).not.toContain('topsecret');
  return report?.error as Failure['error'];
}

describe('bad input sends nothing and is answered', () => {
  it('when the operation is unknown, with the three closest', async () => {
    const { code, details } = await refusal(['run', 'lead.craete', '--name', 'A']);
    expect(code).toBe('unknown_operation');
    expect(details['nearest']).toHaveLength(3);
    expect(details['nearest']).toContain('close.lead.create');
  });

  it.each([
    ['a field is unknown', ['lead.create', '--name', 'A', '--descripton', 'B'], /did you mean description/, 'descripton'],
    ['a field is missing', ['lead.create', '--description', 'A'], /name: is required/, 'name'],
    ['a type is wrong', ['lead.create', '--input', '{"name":1}'], /name: must be a string, received number/, 'name'],
    ['a number is none', ['lead.list', '--limit', 'many'], /limit: must be/, 'limit'],
    ['an id has another prefix', ['lead.get', '--lead_id', 'cont_1'], /must be an id that starts with lead_/, 'lead_id'],
    ['a value is not allowed', ['sms.create', '--lead_id', LEAD, '--status', 'sending'], /must be one of .*outbox/, 'status'],
    ['an id has a slash', ['lead.get', '--lead_id', 'lead_1/../me'], /must be an id/, 'lead_id'],
    ['an id has dots', ['lead.get', '--lead_id', 'lead_..'], /must be an id/, 'lead_id'],
    ['an id has a query', ['lead.get', '--lead_id', 'lead_1?_fields=id'], /must be an id/, 'lead_id'],
    ['an id has a line break', ['lead.get', '--lead_id', 'lead_1\r\nX-Injected: 1'], /must be an id/, 'lead_id'],
    ['an id ends with a line break', ['lead.get', '--lead_id', 'lead_1\n'], /must be an id/, 'lead_id'],
    ['an id is not ASCII', ['lead.get', '--lead_id', 'lead_ｆｕｌｌ'], /must be an id/, 'lead_id'],
  ])('when %s', async (_, args, says, path) => {
    const { code, message, details } = await refusal(['run', ...args]);
    expect(code).toBe('invalid_input');
    expect(message).toMatch(says);
    expect(details['fields']).toMatchObject([{ path }]);
  });

  it.each([
    ['in the first line', '{"name": "A",}', 'line 1, column 14'],
    ['further down', '{\n  "name": "A"\n  "url": "x"\n}', 'line 3, column 3'],
    ['by its end', '{"name": "A"', 'line 1, column 13'],
    ['in a word', '{"name": nul}', 'line 1, column 10'],
    ['after its end', '{"name": "A"} x', 'line 1, column 15'],
    ['in a list', '{"contacts": [1 2]}', 'line 1, column 17'],
  ])('when JSON breaks %s, with line and column', async (_, text, where) => {
    const { code, message } = await refusal(['run', 'lead.create', '--input', text]);
    expect(code).toBe('invalid_input');
    expect(message).toContain(where);
  });

  it.each([
    ['the file is missing', ['run', 'lead.create', '--input', '@gone.json'], /gone\.json does not exist/],
    ['the file is a folder', ['run', 'lead.create', '--input', '@.'], /is a folder/],
    ['the input is a list', ['run', 'lead.create', '--input', '[]'], /holds a list, not an object/],
    ['a flag has no value', ['run', 'lead.create', '--name'], /--name needs a value/],
    ['a flag is there twice', ['run', 'lead.create', '--name', 'A', '--name', 'B'], /--name was given twice/],
    ['a value has no flag', ['run', 'lead.create', 'Acme'], /"Acme" has no field name/],
    ['an object is no JSON', ['run', 'lead.create', '--name', 'A', '--custom', '{"cf_1":'], /--custom is not valid JSON/],
    ['the timeout is none', ['run', 'lead.list', '--timeout', 'soon'], /--timeout must be a number/],
    ['the backend is unknown', ['run', 'lead.list', '--via', 'compsio'], /"compsio" is not configured. Configured are: rest/],
  ])('when %s', async (_, args, says) => {
    expect((await refusal(args)).message).toMatch(says);
  });

  it('when stdin is empty', async () => {
    expect((await refusal(['run', 'lead.create', '--input', '-'], '')).message).toContain('stdin is empty');
  });

  it('when there are 5 MB of it, from stdin and from a file', async () => {
    const large = JSON.stringify({ name: 'A', description: 'x'.repeat(5_000_000) });
    writeFileSync(join(scratch(), 'large.json'), large);
    const answers = await Promise.all([
      refusal(['run', 'lead.create', '--input', '-'], large),
      refusal(['run', 'lead.create', '--input', '@large.json']),
    ]);
    for (const { code, message } of answers) {
      expect(code).toBe('invalid_input');
      expect(message).toContain('larger than 4 MiB');
      expect(message.length).toBeLessThan(300);
    }
  });

  it('when the journal cannot be written', async () => {
    mkdirSync(join(scratch(), 'journal.db'));
    configure('store: ./journal.db\n');
    const { code, message } = await refusal(['run', 'lead.create', '--name', 'A']);
    expect(code).toBe('configuration');
    expect(message).toContain('journal.db');
  });

  it('when there is no configuration', async () => {
    const { lines, code } = await runCli(['run', 'lead.create', '--name', 'A', '--json', '--config', 'other.yaml'], { cwd: scratch() });
    expect(lines[0]).toMatchObject({ error: { code: 'configuration', message: expect.stringContaining('other.yaml does not exist') } });
    expect(code).toBe(2);
  });

  it('when a variable of the configuration is not set', async () => {
    const { lines, code } = await runCli(['run', 'lead.list', '--json'], { cwd: scratch() });
    expect(lines[0]).toMatchObject({ error: { message: expect.stringMatching(/skillrouter\.yaml:2:11 .*KEY is not set/) } });
    expect(code).toBe(2);
  });
});

describe('the policy', () => {
  it('denies, and nothing is sent', async () => {
    configure('policy: { deny: ["lead.*"] }\n');
    const { lines, code } = await run(['run', 'lead.delete', '--lead_id', LEAD]);
    expect(lines[0]).toMatchObject({ ok: false, error: { code: 'policy_denied' } });
    expect(code).toBe(4);
    expect(sent).toEqual([]);
  });

  it('asks, and --yes is the consent', async () => {
    configure('policy: { ask: [destructive] }\n');
    const asked = await run(['run', 'lead.delete', '--lead_id', LEAD]);
    expect(asked.lines[0]).toMatchObject({ error: { code: 'approval_required' } });
    expect(asked.code).toBe(4);
    expect(sent).toEqual([]);
    expect((await run(['run', 'lead.delete', '--lead_id', LEAD, '--yes'])).code).toBe(0);
    expect(sent).toEqual([`DELETE /lead/${LEAD}/`]);
  });
});

describe('good input', () => {
  it('is read from flags as the schema wants it', async () => {
    const flags = [
      '--name',
      'A',
      '--contacts',
      '[{"name":"B"}]',
      '--custom.cf_1',
      'x',
      '--custom.cf_2',
      '["y"]',
      '--status-id',
      'stat_1',
      '--dry-run',
    ];
    const { lines } = await run(['run', 'lead.create', ...flags]);
    expect(lines[0]).toMatchObject({
      ok: true,
      data: { request: { body: { name: 'A', contacts: [{ name: 'B' }], 'custom.cf_1': 'x', 'custom.cf_2': ['y'], status_id: 'stat_1' } } },
    });
    expect(sent).toEqual([]);
  });

  it('is read from lists, numbers and switches too', async () => {
    const { lines } = await run(['run', 'task.list', '--limit', '5', '--fields', 'id,text', '--is_complete', '--dry-run']);
    expect(lines[0]).toMatchObject({
      data: {
        request: {
          query: expect.arrayContaining([
            ['_limit', '5'],
            ['_fields', 'id,text'],
            ['is_complete', 'true'],
          ]),
        },
      },
    });
  });

  it('is read from a file and from stdin, and a flag comes on top', async () => {
    writeFileSync(join(scratch(), 'lead.json'), '\uFEFF{"name":"A","url":"https://a.example"}');
    const file = await run(['run', 'lead.create', '--input', '@lead.json', '--name', 'B', '--dry-run']);
    const stdin = await run(['run', 'lead.create', '--input', '-', '--dry-run'], '{"name":"C"}');
    expect(file.lines[0]).toMatchObject({ data: { request: { body: { name: 'B', url: 'https://a.example' } } } });
    expect(stdin.lines[0]).toMatchObject({ data: { request: { body: { name: 'C' } } } });
  });

  it('keeps text as text', async () => {
    const { lines } = await run(['run', 'lead.create', '--name', '42', '--description=--true', '--url', 'null', '--dry-run']);
    expect(lines[0]).toMatchObject({ data: { request: { body: { name: '42', description: '--true', url: 'null' } } } });
  });
});
