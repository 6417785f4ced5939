import { describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { runSpied } from '../support/loaded.ts';
import { useScratch } from '../support/scratch.ts';

const scratch = useScratch();
const run = (...args: readonly string[]) => runCli(args, { cwd: scratch() });

const COMMANDS = [
  ['init'],
  ['doctor'],
  ['ops'],
  ['ops', 'show'],
  ['run'],
  ['undo'],
  ['explain'],
  ['bulk'],
  ['bulk', 'list'],
  ['bulk', 'show'],
  ['worker'],
  ['connections'],
  ['connections', 'list'],
  ['connections', 'connect'],
  ['connections', 'wait'],
  ['connections', 'check'],
  ['coverage'],
  ['log'],
  ['log', 'show'],
  ['sandbox'],
  ['serve'],
  ['demo'],
  ['completion'],
] as const;

describe('help', () => {
  it('names every backend, and says what a sandbox and --json are', async () => {
    const { stdout } = await run('--help');
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const backend of ['Composio', 'Membrane', 'Scalekit', 'REST']) expect(text).toContain(backend);
    expect(text).toContain('each command starts a new one');
    expect(text).toContain('demo: one per line');
    expect((await run('run', '--help')).stdout).toContain('default 120');
  });

  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))('of %s has examples', async (name, words) => {
    const { code, stdout } = await run(...words, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: skillrouter ${name}`);
    expect(stdout).toMatch(/Examples:\n {2}skillrouter \w+/);
    expect(stdout).toContain('--json');
  });

  it.each([
    ['--version'],
    ['--help'],
    ['run', '--help'],
  ])('and version load neither a vendor SDK nor the schema library: %s', async (...args) => {
    const { loaded, code } = await runSpied(args, { cwd: scratch() });
    expect(code).toBe(0);
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((name) => /^(?:@composio|@membranehq|@scalekit-sdk)\/|^(?:zod|yaml|kysely|undici|hono)$/.test(name))).toEqual([]);
  });
});

describe('operations', () => {
  it('are all listed', async () => {
    const { lines, code } = await run('ops', '--json');
    const [report] = lines as unknown as [
      { operations: { id: string; summary: string; effect: string; core: boolean; intent?: string }[] },
    ];
    const own = report.operations.filter(({ intent }) => intent === undefined);
    expect(code).toBe(0);
    expect(own).toHaveLength(167);
    expect(own.filter(({ core }) => core)).toHaveLength(81);
    expect(own[0]).toEqual({
      id: expect.any(String),
      summary: expect.any(String),
      effect: expect.stringMatching(/read|write|destructive/),
      core: true,
    });
  });

  it.each([
    ['create lead', 'lead.create'],
    ['send a text message', 'sms.send'],
    ['log a phone call', 'call.log'],
    ['delete call', 'call.delete'],
    ['whoami', 'me.get'],
    ['new deal', 'opportunity.create'],
    ['lead.get', 'lead.get'],
    ['make a reminder', 'task.create'],
  ])('are found by words, the best first: %s', async (words, best) => {
    const { lines } = await run('ops', ...words.split(' '), '--json');
    expect((lines[0] as { operations: { id: string }[] }).operations[0]?.id).toBe(best);
  });

  it('are the ten best that fit the words, and the others on demand', async () => {
    const [best, all] = await Promise.all([run('ops', 'text a customer', '--json'), run('ops', 'text a customer', '--all', '--json')]);
    const [few, many] = [best, all].map(({ lines }) => lines[0] as { operations: { id: string }[]; more?: number });
    expect(few?.operations).toHaveLength(10);
    expect(few?.operations[0]?.id).toBe('sms.send');
    expect(many?.operations.slice(0, 10)).toEqual(few?.operations);
    expect(many?.operations).toHaveLength(10 + (few?.more ?? 0));
    expect(few?.operations.map(({ id }) => id)).not.toContain('bulk_delete.create');
    expect((await run('ops', 'text a customer')).stderr).toMatch(/^10 operations, \d+ more with --all/m);
  });

  it('are shown to people with the fields inside their fields', async () => {
    const [lead, message] = await Promise.all([run('ops', 'show', 'lead.create'), run('ops', 'show', 'sms.send')]);
    expect(lead.stdout).toMatch(/^contacts\[\]\.emails\[\]\.email \* +string +Address/m);
    expect(lead.stdout).toMatch(/^addresses\[\]\.zipcode +string +Postal code/m);
    expect(message.stdout).toMatch(/^text +string or null +The message$/m);
    expect(message.stdout).toMatch(/^contact_id +string or null +The person it was with/m);
  });

  it('are shown with fields, example and bindings, by short or full name', async () => {
    const [short, full] = await Promise.all([
      run('ops', 'show', 'lead.create', '--json'),
      run('ops', 'show', 'close.lead.create', '--json'),
    ]);
    expect(short.lines).toEqual(full.lines);
    expect(short.lines[0]).toMatchObject({
      id: 'lead.create',
      operation: 'close.lead.create',
      effect: 'write',
      core: true,
      input: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      output: { type: 'object' },
      example: { name: expect.any(String) },
      pitfalls: expect.any(Array),
      bindings: { composio: { transport: 'tool', tool: 'CLOSE_CREATE_LEAD' }, rest: { transport: 'direct' } },
    });
  });

  it('cover every cell of every backend', async () => {
    const { lines, code } = await run('coverage', '--json');
    const { operations } = lines[0] as unknown as {
      operations: { id: string; core: boolean; backends: Record<string, { transport: string }> }[];
    };
    expect(code).toBe(0);
    expect(operations).toHaveLength(167);
    for (const { backends } of operations) {
      expect(backends['rest']?.transport).toMatch(/^(?:direct|none)$/);
      expect(backends['composio']?.transport).toMatch(/^(?:tool|proxy|none)$/);
    }
  });

  it('cover as a table for people and for documents', async () => {
    const [table, markdown] = await Promise.all([run('coverage'), run('coverage', '--markdown')]);
    expect(table.stdout).toMatch(/lead\.create +CLOSE_CREATE_LEAD .*direct/);
    expect(markdown.stdout).toMatch(/^\| lead\.create \| CLOSE_CREATE_LEAD \|.* direct \|/m);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
    ['an unknown command, with all there are', ['frobnicate'], /There are: init, doctor, .*completion;/],
    ['a mistyped command', ['coverag'], /Did you mean coverage/],
    ['a mistyped inner command', ['connections', 'conect'], /unknown command 'connections conect' \(Did you mean connections connect\?\)/],
    ['an unknown flag', ['coverage', '--markdwn'], /Did you mean --markdown/],
    ['a missing argument', ['run'], /missing required argument 'operation'/],
    ['an unknown app', ['ops', '--app', 'hubspot'], /that app is not known.*close/],
    ['an unknown shell', ['completion', 'tcsh'], /bash, zsh, fish/],
    ['a number that is none', ['log', '--sandbox', '--limit', 'many'], /--limit must be a number/],
  ])('is answered with exit code 2: %s', async (_, args, says) => {
    const { code, stderr, stdout } = await run(...args);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('is JSON for programs', async () => {
    const { code, lines } = await run('coverag', '--json');
    expect(lines[0]).toMatchObject({ ok: false, error: { code: 'invalid_input', retryable: false, next: expect.any(String) } });
    expect(code).toBe(2);
  });

  it('without any command prints help and is no success', async () => {
    const { code, stderr, stdout } = await run();
    expect(stdout + stderr).toContain('Usage: skillrouter');
    expect(code).toBe(2);
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('has a script for %s', async (shell) => {
    const { stdout, code } = await run('completion', shell);
    expect(stdout).toContain('skillrouter completion-server');
    expect(code).toBe(0);
  });

  it.each([
    ['commands', ['skillrouter', ''], 1, 'coverage'],
    ['inner commands', ['skillrouter', 'connections', ''], 2, 'check'],
    ['operations', ['skillrouter', 'run', ''], 2, 'lead.create'],
    ['fields of an operation', ['skillrouter', 'run', 'lead.create', ''], 3, '--name'],
    ['flags', ['skillrouter', 'log', '--'], 2, '--outcome'],
  ])('offers %s', async (_, words, cursor, offered) => {
    const line = words.join(' ');
    const env = { SHELL: 'bash', COMP_CWORD: `${cursor}`, COMP_LINE: line, COMP_POINT: `${line.length}` };
    const { stdout } = await runCli(['completion-server', '--', ...words], { cwd: scratch(), env });
    expect(stdout.split('\n')).toContain(offered);
  });
});
