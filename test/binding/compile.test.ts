import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { generated } from '../../src/binding/build.ts';
import { compileBinding } from '../../src/binding/compile.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Operation } from '../../src/contract/operation.ts';

const all = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const operations = all.filter(({ id }) => ['lead.list', 'lead.create', 'note.get', 'call.create', 'call.list'].includes(id));

const compile = (lines: readonly string[]) =>
  compileBinding({ backend: 'acme', file: 'acme/close.yaml', text: ['app: close', 'source: invented', ...lines].join('\n'), operations });

function complaint(lines: readonly string[]): string {
  try {
    compile(lines);
  } catch (error) {
    return String(error).replace(/^BindingError: /, '');
  }
  return 'it compiled';
}

describe('a binding file', () => {
  it('gives every operation a cell, in the order of the catalogue', () => {
    const { cells, inbound } = compile([
      'default: { proxy: true }',
      'bindings:',
      '  note.get: { none: "no such thing" }',
      '  lead.create: { tool: ACME_NEW_LEAD, accepts: [name, url], rename: { name: company } }',
      'inbound:',
      '  note.get: [{ tool: ACME_NOTE, accepts: [note_id], doorOnly: [note_id] }]',
    ]);
    expect(cells).toEqual({
      'lead.list': { transport: 'proxy' },
      'lead.create': { transport: 'tool', tool: 'ACME_NEW_LEAD', accepts: ['name', 'url'], rename: { name: 'company' } },
      'note.get': { transport: 'none', why: 'no such thing' },
      'call.list': { transport: 'proxy' },
      'call.create': { transport: 'proxy' },
    });
    expect(Object.keys(cells)).toEqual(operations.map(({ id }) => id));
    expect(inbound).toEqual({ 'note.get': [{ transport: 'tool', tool: 'ACME_NOTE', accepts: ['note_id'], doorOnly: ['note_id'] }] });
  });

  const tool = (rest: string): string => `  lead.create: { tool: T, ${rest} }`;
  it.each([
    ['an unknown operation', '  lead.creat: { proxy: true }', 'unknown operation lead.creat; did you mean lead.create?'],
    ['an unknown field in accepts', tool('accepts: [name, ulr]'), 'lead.create has no field ulr; did you mean url?'],
    ['an unknown field in rename', tool('accepts: [name], rename: { nam: x }'), 'lead.create has no field nam; did you mean name?'],
    ['an unknown field in json', tool('accepts: [name], json: [contact]'), 'lead.create has no field contact; did you mean contacts?'],
    [
      'an unknown field in values',
      tool('accepts: [name], values: { status: { a: b } }'),
      'lead.create has no field status; did you mean status_id?',
    ],
    ['an unknown field in needs', tool('accepts: [name], needs: [urls]'), 'lead.create has no field urls; did you mean url?'],
    ['an unknown field in also', tool('accepts: [name], also: { title: nmae }'), 'lead.create has no field nmae; did you mean name?'],
    ['a field that is told about but not accepted', tool('accepts: [name], needs: [url]'), 'url is not in accepts'],
    ['a required field that is not accepted', tool('accepts: [url]'), 'lead.create requires name, which the tool does not accept'],
    ['two fields under one name', tool('accepts: [name, url], rename: { name: url }'), 'more than one field travels as url'],
    ['a field under the name of a constant', tool('accepts: [name, url], constants: { url: x }'), 'more than one field travels as url'],
    ['a list of what is a list', tool('accepts: [name, contacts], list: [contacts]'), 'contacts is a list already'],
    ['an argument for doors that no field has', tool('accepts: [name], doorOnly: [title]'), 'no field of this cell travels as title'],
    ['an unknown key', tool('accepts: [name], renam: {}'), 'unknown key renam; did you mean rename?'],
    ['a key of the wrong type', tool('accepts: name'), 'accepts must be a list of fields'],
    ['a tool without accepts', '  lead.create: { tool: T }', 'a tool says under accepts which fields it takes'],
    ['two forms at once', '  lead.create: { proxy: true, direct: true }', 'a cell has exactly one of tool, proxy, direct, none'],
    ['a reason that is missing', '  lead.create: { none: "" }', 'none must be the reason'],
    ['no map', '  lead.create: proxy', 'a cell is a map with tool, proxy, direct or none'],
    [
      'two values under one',
      '  call.create: { tool: T, accepts: [lead_id, direction, status], values: { status: { busy: a, failed: a } } }',
      'more than one value of status travels as a; name it under losses',
    ],
  ])('with %s fails with file, line and what to write', (_, cell, message) => {
    const lines = complaint(['default: { proxy: true }', 'bindings:', '  lead.list: { proxy: true }', cell]).split('\n');
    expect(lines).toContain(`acme/close.yaml:6: ${message}`);
  });

  it('without default names every operation that has no cell', () => {
    const lines = complaint(['bindings:', ...operations.slice(1).map(({ id }) => `  ${id}: { proxy: true }`)]);
    expect(lines).toBe('acme/close.yaml:3: lead.list has no cell, and there is no default');
  });

  it('that is no YAML says where', () => {
    expect(complaint(['bindings: {', '  lead.list: ['])).toMatch(/^acme\/close\.yaml:4: /);
  });

  it('names the line where a shared list stands when one of its users has no such field', () => {
    const shared = ['  lead.create:', '    tool: T', '    accepts: &fields', '      - name', '      - url'];
    const user = ['  note.get:', '    tool: U', '    accepts: *fields'];
    const lines = complaint(['default: { proxy: true }', 'bindings:', ...shared, ...user]).split('\n');
    expect(lines).toContain('acme/close.yaml:8: note.get has no field name');
    expect(lines).toContain('acme/close.yaml:9: note.get has no field url');
  });
});

describe('the bindings in the package', () => {
  it('are what their files say: "npm run generate" changes nothing', async () => {
    const files = await generated();
    expect(files.size).toBeGreaterThanOrEqual(Object.keys(BACKENDS).length);
    for (const [path, text] of files) expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('answer for every operation of the catalogue', async () => {
    for (const backend of Object.values(BACKENDS)) {
      const [binding] = await backend.bindings();
      expect(Object.keys(binding?.cells ?? {})).toEqual(all.map(({ id }) => id));
    }
  });
});
