import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read.ts';
import { isRouterError, type RouterError } from '../../src/contract/errors.ts';

const OPERATIONS = ['lead.create', 'lead.delete', 'lead.merge', 'call.delete'];
const ENVIRONMENT = { CLOSE_API_KEY: 'api_secret_1', COMPOSIO_API_KEY: 'ak_secret_2', ADA_CLOSE_KEY: 'api_secret_3', EMPTY: '' };

const FULL = `# everything that a configuration may say
backends:
  rest:      { api_key: \${CLOSE_API_KEY} }
  composio:  { api_key: "\${COMPOSIO_API_KEY}", auth_config: ac_123, base_url: http://127.0.0.1:1/composio }
users:
  ada: { composio: acme-ada, rest: { api_key: \${ADA_CLOSE_KEY} } }
  bob: {}
default_user: ada
policy:
  prefer: [composio, rest]
  pin: { call.delete: rest }
  deny: [lead.delete, "*.merge"]
  ask: [destructive, sends]
  account: organisation
store: ./state/journal.db
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skillrouter-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string, file = 'skillrouter.yaml', environment: Readonly<Record<string, string>> = ENVIRONMENT) {
  writeFileSync(join(folder, file), text);
  return readConfig({ folder, environment, operations: OPERATIONS });
}

async function refusal(text: string, file?: string): Promise<RouterError> {
  const error: unknown = await read(text, file).catch((thrown: unknown) => thrown);
  if (isRouterError(error)) return error;
  throw new Error('the configuration was accepted');
}

describe('a configuration', () => {
  it('is read whole, with secrets from the environment', async () => {
    expect(await read(FULL)).toEqual({
      file: 'skillrouter.yaml',
      backends: {
        rest: { api_key: 'api_secret_1' },
        composio: { api_key: 'ak_secret_2', auth_config: 'ac_123', base_url: 'http://127.0.0.1:1/composio' },
      },
      users: { ada: { composio: { user: 'acme-ada' }, rest: { api_key: 'api_secret_3' } }, bob: {} },
      defaultUser: 'ada',
      policy: {
        prefer: ['composio', 'rest'],
        pin: { 'call.delete': 'rest' },
        deny: ['lead.delete', '*.merge'],
        ask: ['destructive', 'sends'],
        account: 'organization',
      },
      store: join(folder, 'state/journal.db'),
    });
  });

  it('needs no more than a backend', async () => {
    const config = await read('backends:\n  rest:\npolicy:\n');
    expect(config).toMatchObject({ defaultUser: 'default', policy: { prefer: [], deny: [], account: 'user' } });
    expect(config.store).toBe(join(folder, '.skillrouter/journal.db'));
  });

  it('keeps its store where the environment says, if it says so', async () => {
    const url = 'postgres://ada:geheim@db.example/router';
    expect((await read(FULL, undefined, { ...ENVIRONMENT, SKILLROUTER_STORE: url })).store).toBe(url);
    const filled = await read(`backends: { rest: {} }\nstore: postgres://ada:\${PASSWORD}@db.example/router\n`, undefined, {
      PASSWORD: 'geheim',
    });
    expect(filled.store).toBe(url);
  });

  it('says how long the results of keyed writes are kept, and whether and how long writes can be undone', async () => {
    expect((await read('backends: { rest: {} }\npolicy: { keep_keys_days: 30 }\n')).policy.keepKeysDays).toBe(30);
    const { undo, keepUndoDays } = (await read('backends: { rest: {} }\npolicy: { undo: true, keep_undo_days: 2 }\n')).policy;
    expect([undo, keepUndoDays]).toEqual([true, 2]);
    await expect(read('backends: { rest: {} }\npolicy: { undo: sometimes }\n')).rejects.toMatchObject({
      message: expect.stringContaining('must be true or false'),
    });
  });

  it('takes the only user for the default one', async () => {
    expect((await read('backends: { rest: {} }\nusers: { ada: {} }\n')).defaultUser).toBe('ada');
  });

  it('may be a program, which may read its secrets from anywhere', async () => {
    const text = "export default { backends: { rest: { api_key: ['api', 'computed'].join('_') } } };\n";
    expect(await read(text, 'skillrouter.ts')).toMatchObject({ backends: { rest: { api_key: 'api_computed' } }, file: 'skillrouter.ts' });
  });

  it('takes text from the environment as text, whatever it looks like', async () => {
    const config = await read(`backends:\n  rest: { api_key: \${CLOSE_API_KEY} }\n`, undefined, { CLOSE_API_KEY: 'x }\nstore: /etc' });
    expect(config.backends['rest']).toEqual({ api_key: 'x }\nstore: /etc' });
  });
});

const WRONG = [
  {
    when: 'a key is unknown',
    text: 'backends: { rest: {} }\npolcy:\n  deny: []\n',
    says: 'skillrouter.yaml:2:1',
    also: 'did you mean "policy"?',
  },
  {
    when: 'an inner key is unknown',
    text: 'backends:\n  composio:\n    api_kee: x\n',
    says: 'skillrouter.yaml:3:5',
    also: 'did you mean "api_key"?',
  },
  { when: 'a backend is unknown', text: 'backends:\n  compsio: {}\n', says: 'skillrouter.yaml:2:3', also: 'did you mean "composio"?' },
  { when: 'a needed key is missing', text: 'backends:\n  composio: {}\n', says: 'skillrouter.yaml:2:3', also: 'needs the key "api_key"' },
  {
    when: 'a value has the wrong kind',
    text: 'backends: { rest: {} }\npolicy:\n  prefer: rest\n',
    says: 'skillrouter.yaml:3:3',
    also: 'must be a list',
  },
  { when: 'there are no backends', text: 'default_user: ada\n', says: 'skillrouter.yaml:', also: 'needs the key "backends"' },
  { when: 'the YAML is broken', text: 'backends:\n  rest: { api_key: "x\n', says: 'skillrouter.yaml:', also: 'not valid YAML' },
  {
    when: 'a key is there twice',
    text: 'backends: { rest: {} }\nbackends: { rest: {} }\n',
    says: 'skillrouter.yaml:2:1',
    also: 'duplicate key',
  },
  { when: 'the file is a list', text: '- backends\n', says: 'must be a map of keys', also: 'received a list' },
  {
    when: 'the policy denies an operation that does not exist',
    text: 'backends: { rest: {} }\npolicy: { deny: [lead.delte] }\n',
    says: 'skillrouter.yaml:2:11',
    also: 'did you mean "lead.delete"?',
  },
  {
    when: 'the policy asks about nothing that exists',
    text: 'backends: { rest: {} }\npolicy: { ask: [destructiv] }\n',
    says: 'skillrouter.yaml:2:11',
    also: 'did you mean "destructive"?',
  },
  {
    when: 'a preferred backend is not configured',
    text: 'backends: { rest: {} }\npolicy: { prefer: [composio] }\n',
    says: 'unknown backend "composio"',
    also: 'rest',
  },
  {
    when: 'a pinned backend is not configured',
    text: 'backends: { rest: {} }\npolicy: { pin: { call.delete: scalekit } }\n',
    says: 'skillrouter.yaml:2:18',
    also: 'unknown backend "scalekit"',
  },
  {
    when: 'the password of the store stands in the file',
    text: 'backends: { rest: {} }\nstore: postgres://ada:geheim@host/db\n',
    says: 'skillrouter.yaml:2:1',
    also: 'SKILLROUTER_STORE',
  },
  {
    when: 'the address of the store cannot be read',
    text: 'backends: { rest: {} }\nstore: "postgres://ho st/db"\n',
    says: 'skillrouter.yaml:2:1',
    also: 'postgres://user@host:5432/database',
  },
  {
    when: 'keys are to be kept for a word',
    text: 'backends: { rest: {} }\npolicy: { keep_keys_days: long }\n',
    says: 'skillrouter.yaml:2:11',
    also: 'must be a number',
  },
] as const;

describe('a wrong configuration', () => {
  it.each(WRONG)('is refused with its place when $when', async ({ text, says, also }) => {
    const error = await refusal(text);
    expect(error.code).toBe('configuration');
    expect(error.message).toContain(says);
    expect(error.message).toContain(also);
  });

  it('names every unset variable, with its line', async () => {
    const error = await refusal(`backends:\n  rest: { api_key: \${NO_SUCH_KEY} }\n  composio:\n    api_key: \${EMPTY}\n`);
    expect(error.message).toMatch(/skillrouter\.yaml:2:11 .*NO_SUCH_KEY is not set; skillrouter\.yaml:4:5 .*EMPTY is not set/);
    expect(error.details.next).toBe('Run "export NO_SUCH_KEY=…" and "export EMPTY=…"; nothing was sent.');
  });

  it('is refused when a secret stands in the file, and the secret is not repeated', async () => {
    const error = await refusal('backends:\n  rest: { api_key: api_topsecret }\n');
    expect(error.message).toContain('skillrouter.yaml:2:11');
    expect(error.message).toMatch(/write \$\{CLOSE_API_KEY\}/);
    expect(JSON.stringify(error)).not.toContain('topsecret');
  });

  it('never repeats what the environment holds', async () => {
    const error = await refusal(FULL.replace('prefer: [composio, rest]', `prefer: [\${CLOSE_API_KEY}]`));
    expect(JSON.stringify(error)).not.toContain('secret_1');
  });

  it('says what to do when there is none', async () => {
    await expect(readConfig({ folder, environment: {}, operations: OPERATIONS })).rejects.toThrow(/skillrouter init.*--sandbox/);
    await expect(readConfig({ path: 'gone.yaml', folder, environment: {}, operations: OPERATIONS })).rejects.toThrow(
      'gone.yaml does not exist',
    );
  });
});

describe('the keys of the doors', () => {
  const backends = `backends: { rest: { api_key: "\${CLOSE_API_KEY}" } }\n`;

  it('are one or several for each user', async () => {
    const text = `${backends}serve: { keys: { ada: "\${ADA_CLOSE_KEY}", "*": ["\${COMPOSIO_API_KEY}", "\${CLOSE_API_KEY}"] } }\n`;
    expect((await read(text)).serve).toEqual({ keys: { ada: ['api_secret_3'], '*': ['ak_secret_2', 'api_secret_1'] } });
  });

  it.each([
    ['ada: plain-secret', /ada.*a secret must not stand in the file/],
    ['"*": ["plain-secret"]', /a secret must not stand in the file/],
    [`ada: ["\${CLOSE_API_KEY}", 5]`, /serve\.keys\.ada\.1: must be text/],
    ['ada: { key: x }', /serve\.keys\.ada: must be text, received a map/],
  ])('are refused when written as %s', async (keys, says) => {
    const { message } = await refusal(`${backends}serve: { keys: { ${keys} } }\n`);
    expect(message).toMatch(says);
    expect(message).not.toContain('plain-secret');
  });
});
