/** Apps and bindings: Close's keeps every promise, and one that is spoilt is caught at the one that it breaks. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { App, LiveTool } from '../../src/contract/index.ts';
import { type Check, describeApp } from '../../src/contract-kit.ts';
import { type BindingDeclaration, createApp, operation } from '../../src/index.ts';
import { appChecks } from '../../src/kit/app-checks.ts';
import { bindingChecks } from '../../src/kit/binding-checks.ts';

describeApp(closeApp, { describe, it });

const OPERATION = {
  app: 'notes',
  id: 'note.create',
  summary: 'Pin a note',
  input: z.strictObject({ text: z.string(), tags: z.array(z.string()).optional(), colour: z.enum(['red', 'blue']).optional() }),
  output: z.looseObject({}),
  effect: 'write',
  idempotent: false,
  confirm: { how: 'none', why: 'the board has no search' },
  http: { method: 'POST', path: '/notes' },
  example: { text: 'Milk' },
} as const;
const me = operation({
  ...OPERATION,
  id: 'me.get',
  input: z.strictObject({}),
  effect: 'read',
  http: { method: 'GET', path: '/me' },
  example: {},
});
const note = operation(OPERATION);
const notes = (changed: Partial<App> = {}, operations = [me, note]): App => ({
  ...createApp({ id: 'notes', operations, identity: { operation: 'me.get', account: () => undefined } }),
  ...changed,
});

const BINDING: BindingDeclaration = {
  backend: 'board',
  app: 'notes',
  cells: {
    'me.get': { tool: 'ME', accepts: [] },
    'note.create': {
      tool: 'PIN',
      accepts: ['text', 'tags', 'colour'],
      rename: { text: 'body' },
      values: { colour: { red: 'R', blue: 'B' } },
    },
  },
};
const TOOL: LiveTool = {
  name: 'PIN',
  description: '',
  input: { properties: { body: {}, tags: {}, colour: { enum: ['R', 'B'] } }, required: ['body'] },
  deprecated: false,
  disabled: false,
};
const tools =
  (changed: Partial<LiveTool> = {}) =>
  async (): Promise<readonly LiveTool[]> => [
    { ...TOOL, ...changed },
    { ...TOOL, name: 'ME', input: {} },
  ];
const pin = (changed: object): BindingDeclaration => ({
  ...BINDING,
  cells: { ...BINDING.cells, 'note.create': { tool: 'PIN', accepts: ['text', 'tags', 'colour'], ...changed } },
});

const NAMES = 'every name means one operation of the app';
const INPUTS = 'an example is valid, and a field that nobody knows is an error';
const REFERENCES = 'what an operation refers to is there';
const REQUESTS = "the app's own request comes back as the same call (lens law)";
const PEOPLE = 'no secret and nothing of a person is in an error';
const SERVERS = 'a server that fails has not said that it did nothing';
const COMPLETE = 'a binding says how every operation goes, or why it does not';
const SILENT = 'nothing is dropped silently';
const LENS = 'what goes out and comes back in is the same call (lens law)';
const KNOWN = 'a tool gets what it knows and what it needs';

const errors = (read: App['errors']['read']): Partial<App> => ({ errors: { ...notes().errors, read } });
const told = notes().errors.read;

const SPOILT: readonly { readonly what: string; readonly promise: string; readonly checks: readonly Check[] }[] = [
  { what: 'an operation of another app', promise: NAMES, checks: appChecks(notes({}, [me, { ...note, app: 'todo' } as never])) },
  { what: 'an example without its text', promise: INPUTS, checks: appChecks(notes({}, [me, { ...note, example: {} } as never])) },
  {
    what: 'an input that takes everything',
    promise: INPUTS,
    checks: appChecks(notes({}, [me, { ...note, input: z.looseObject({}) } as never])),
  },
  {
    what: 'a confirmation by what is not there',
    promise: REFERENCES,
    checks: appChecks(notes({}, [me, { ...note, confirm: { how: 'read-back', read: 'note.get' } } as never])),
  },
  {
    what: 'an identity that writes',
    promise: REFERENCES,
    checks: appChecks(notes({ identity: { operation: 'note.create', account: () => undefined } })),
  },
  {
    what: 'two operations with one request',
    promise: REQUESTS,
    checks: appChecks(notes({}, [me, note, { ...note, id: 'note.pin' } as never])),
  },
  {
    what: 'two fields with one name on the wire',
    promise: REQUESTS,
    checks: appChecks(notes({}, [me, { ...note, http: { ...note.http, rename: { colour: 'tags' } } } as never])),
  },
  {
    what: 'an error that repeats what it was told',
    promise: PEOPLE,
    checks: appChecks(notes(errors((reply) => ({ ...told(reply), what: JSON.stringify(reply.body) })))),
  },
  {
    what: 'a 500 that is an answer',
    promise: SERVERS,
    checks: appChecks(notes(errors((reply) => ({ ...told(reply), delivery: 'answered' })))),
  },
  { what: 'an operation that is left out', promise: COMPLETE, checks: bindingChecks(notes(), { ...BINDING, cells: {} }) },
  { what: 'a required field that cannot travel', promise: COMPLETE, checks: bindingChecks(notes(), pin({ accepts: ['tags'] })) },
  {
    what: 'a map that has no word for what is said',
    promise: SILENT,
    checks: bindingChecks(notes(), pin({ values: { text: { nothing: 'N' } } })),
  },
  {
    what: 'two values with one word',
    promise: LENS,
    checks: bindingChecks(notes(), pin({ values: { colour: { red: 1, blue: '1' } }, list: ['colour'], json: ['colour'] })),
  },
  { what: 'an argument that the tool does not have', promise: KNOWN, checks: bindingChecks(notes(), pin({}), tools()) },
  {
    what: 'a tool that needs more',
    promise: KNOWN,
    checks: bindingChecks(notes(), BINDING, tools({ input: { ...TOOL.input, required: ['board'] } })),
  },
  { what: 'a tool that is gone', promise: KNOWN, checks: bindingChecks(notes(), BINDING, tools({ name: 'PIN_V2' })) },
  {
    what: 'a word that the tool does not know',
    promise: KNOWN,
    checks: bindingChecks(notes(), pin({ rename: { text: 'body' }, values: { colour: { red: 'R', blue: 'BLUE' } } }), tools()),
  },
];

async function broken(checks: readonly Check[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { run, promise } of checks) await run().catch(() => found.push(promise));
  return found;
}

describe('the kit', () => {
  it('finds nothing wrong with an app and a binding that keep every promise', async () => {
    expect(await broken([...appChecks(notes()), ...bindingChecks(notes(), BINDING, tools())])).toEqual([]);
  });

  it.each(SPOILT)('catches $what', async ({ checks, promise }) => {
    expect(await broken(checks)).toContain(promise);
  });

  it('has something spoilt for every promise', () => {
    const promises = [...appChecks(notes()), ...bindingChecks(notes(), BINDING, tools())].map(({ promise }) => promise);
    const caught = new Set(SPOILT.map(({ promise }) => promise));
    expect([...new Set(promises)].filter((promise) => !caught.has(promise))).toEqual([]);
  });
});
