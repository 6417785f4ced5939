/** What a file says, row by row, and what is wrong with it: by line numbers that an editor shows too. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dropSpooled, openInput } from '../../src/bulk/input.ts';
import { type Row, rowsOf } from '../../src/bulk/rows.ts';
import { openText, type TextFile } from '../../src/bulk/text.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { BulkFormat } from '../../src/contract/bulk.ts';
import { useScratch } from '../support/scratch.ts';

const run = promisify(execFile);
const scratch = useScratch();

function place(name: string, content: string | Buffer): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

async function entryOf(operation: string) {
  const entry = await closeApp.find(operation);
  if (!entry) throw new Error(`no operation ${operation}`);
  return entry;
}

async function read(content: string | Buffer, operation = 'lead.create', format: BulkFormat = 'csv'): Promise<readonly Row[]> {
  const file = await openText(place(`input.${format}`, content));
  return Array.fromAsync(rowsOf(file, format, await entryOf(operation)));
}

const acme = { name: 'Acme', url: 'https://a.example' };

describe('a CSV file', () => {
  it.each([
    ['with a BOM', '\uFEFFname,url\nAcme,https://a.example\n', [{ line: 2, input: acme }]],
    ['with CRLF', 'name,url\r\nAcme,https://a.example\r\n', [{ line: 2, input: acme }]],
    ['with a BOM, CRLF and quotes', '\uFEFF"name","url"\r\n"Acme","https://a.example"\r\n', [{ line: 2, input: acme }]],
    ['with bare carriage returns', 'name,url\rAcme,https://a.example\r', [{ line: 2, input: acme }]],
    ['without a last line end', 'name,url\nAcme,https://a.example', [{ line: 2, input: acme }]],
    ['with semicolons', 'name;url\nAcme;https://a.example\n', [{ line: 2, input: acme }]],
    ['with tabs', 'name\turl\nAcme\thttps://a.example\n', [{ line: 2, input: acme }]],
    ['with blank lines, before the header too', '\n\nname,url\n\nAcme,https://a.example\n\n', [{ line: 5, input: acme }]],
    ['with spaces in the header', ' name , url \nAcme,https://a.example\n', [{ line: 2, input: acme }]],
    ['with quotes in quotes', 'name\n"Acme, ""Inc"""\n', [{ line: 2, input: { name: 'Acme, "Inc"' } }]],
    [
      'with a quoted header that holds a separator',
      'name,"custom.cf_a;b"\nAcme,1\n',
      [{ line: 2, input: { name: 'Acme', custom: { 'cf_a;b': '1' } } }],
    ],
    ['with empty cells, which are left out', 'name,url\nAcme,\n', [{ line: 2, input: { name: 'Acme' } }]],
    ['with a column that nobody named and nobody filled', 'name,,url\nAcme,,https://a.example\n', [{ line: 2, input: acme }]],
    [
      'with lists and objects in columns of their own',
      'name,contacts.0.name,contacts.0.emails.0.email,contacts.0.emails.1.email\nAcme,Ann,a@a.example,b@a.example\nBeta,Bo,b@b.example,\n',
      [
        { line: 2, input: { name: 'Acme', contacts: [{ name: 'Ann', emails: [{ email: 'a@a.example' }, { email: 'b@a.example' }] }] } },
        { line: 3, input: { name: 'Beta', contacts: [{ name: 'Bo', emails: [{ email: 'b@b.example' }] }] } },
      ],
    ],
    [
      'with JSON in a cell',
      'name,contacts\nAcme,"[{""name"":""Ann""}]"\n',
      [{ line: 2, input: { name: 'Acme', contacts: [{ name: 'Ann' }] } }],
    ],
  ])('%s is read as it was meant', async (_, content, rows) => {
    expect(await read(content)).toEqual(rows);
  });

  it('gives numbers and booleans where the field wants them, and leaves text that looks like one alone', async () => {
    const [row] = await read('lead_id,direction,duration,note\nlead_1,outbound,61,42\n', 'call.create');
    expect(row).toEqual({ line: 2, input: { lead_id: 'lead_1', direction: 'outbound', duration: 61, note: '42' } });
    const [other] = await read('lead_id,text,is_complete\nlead_1,0049,TRUE\n', 'task.create');
    expect(other).toEqual({ line: 2, input: { lead_id: 'lead_1', text: '0049', is_complete: true } });
  });

  it('counts lines as an editor does, though cells hold line ends of every kind', async () => {
    const rows = await read('name,description\r\n"A","one\r\ntwo\r\nthree"\r\n\r\n"B","one\ntwo"\r\n"C",x\r\n');
    expect(rows.map(({ line, ...row }) => [line, 'input' in row ? row.input['name'] : row])).toEqual([
      [2, 'A'],
      [6, 'B'],
      [8, 'C'],
    ]);
  });

  it('tells by line which records do not fit the header, and goes on', async () => {
    const rows = await read('name,url,\nA\n\nB,https://b.example,\nC,https://c.example,,\nD,https://d.example,oops\n');
    expect(rows).toEqual([
      { line: 2, problem: 'has 1 of the 3 cells that the header names' },
      { line: 4, input: { name: 'B', url: 'https://b.example' } },
      { line: 5, problem: 'has 4 of the 3 cells that the header names' },
      { line: 6, problem: 'has a value in a column that the header does not name' },
    ]);
  });
});

describe('the header of a CSV file', () => {
  it.each([
    ['names an unknown column, and the nearest is told', 'lead.create', 'name,websit\nA,x\n', /websit is not a field.*/],
    [
      'names an unknown column within a list',
      'lead.create',
      'name,contacts.0.nmae\nA,x\n',
      /contacts\.0\.nmae is not a field.*did you mean contacts\.0\.name\?/,
    ],
    ['names a column twice', 'lead.create', 'name,url,name\nA,x,B\n', /name stands there twice/],
    ['lacks what is required', 'contact.create', 'name\nAnn\n', /lead_id is required, and no column has it/],
    ['takes a field for a list that is none', 'lead.create', 'name.0\nA\n', /name\.0 is not a field/],
    ['asks for the thousandth entry of a list', 'lead.create', 'name,contacts.1000.name\nA,x\n', /contacts\.1000\.name is not a field/],
    ['would reach into the language', 'lead.create', 'name,custom.__proto__\nA,x\n', /is not a field/],
  ])('that %s is refused as a whole', async (_, operation, content, says) => {
    await expect(read(content, operation)).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringMatching(says) });
  });

  it('is told everything that is wrong with it at once', async () => {
    await expect(read('name,titel,name\nx,y,z\n', 'contact.create')).rejects.toMatchObject({
      details: { fields: [{ path: 'titel', nearest: 'title' }, { path: 'name', problem: 'stands there twice' }, { path: 'lead_id' }] },
    });
  });

  it('must be there', async () => {
    for (const nothing of ['', '\uFEFF', '\r\n\n', ' , ,\n'])
      await expect(read(nothing), JSON.stringify(nothing)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('the file is empty'),
      });
  });
});

describe('a CSV file that breaks', () => {
  it.each([
    ['by a quote that is never closed', 'name\nA\n"B\nC\nD\n', 'line 3: a quote is opened there and never closed'],
    ['by text after a closing quote', 'name,url\r\nA,x\r\n"B"oo,y\r\n', 'line 3: text follows a closing quote'],
    ['by a quote in the middle of a cell', 'name\nA\nB\nC "D"\n', 'line 4: a quote stands within a cell'],
    ['by a record without end', `name\nA\n"${'x\n'.repeat(3_000_000)}`, 'line 3: a record is larger than 4 MiB'],
  ])('%s says at which line', async (_, content, says) => {
    const broken = await read(content).catch((error: unknown) => error);
    expect(broken).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(says) });
    expect(String(broken)).toContain('nothing was sent');
  });

  it('by bytes that are no UTF-8 is not guessed at', async () => {
    await expect(read(Buffer.from('name\nM\xfcller\n', 'latin1'))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('is not UTF-8 text'),
    });
  });
});

describe('a JSON Lines file', () => {
  it.each([
    ['with a BOM and CRLF', '\uFEFF{"name":"Acme"}\r\n{"name":"Beta"}\r\n'],
    ['without a last line end', '{"name":"Acme"}\n{"name":"Beta"}'],
  ])('%s is read line by line', async (_, content) => {
    expect(await read(content, 'lead.create', 'jsonl')).toEqual([
      { line: 1, input: { name: 'Acme' } },
      { line: 2, input: { name: 'Beta' } },
    ]);
  });

  it('with bad lines names each, and goes on', async () => {
    const content = '{"name":"A"}\n\n{"name":\n["B"]\n"C"\nnull\n{"name":"D"}\n';
    expect(await read(content, 'lead.create', 'jsonl')).toEqual([
      { line: 1, input: { name: 'A' } },
      ...[3, 4, 5, 6].map((line) => ({ line, problem: 'is not one JSON object' })),
      { line: 7, input: { name: 'D' } },
    ]);
  });

  it('with a line longer than any operation needs does not gather it, and counts on', async () => {
    const rows = await read(`{"name":"${'x'.repeat(9_000_000)}"}\n{"name":"B"}\n`, 'lead.create', 'jsonl');
    expect(rows.map(({ line, problem }) => [line, problem])).toEqual([
      [1, 'is not one JSON object'],
      [2, undefined],
    ]);
  });
});

describe('an input', () => {
  const folders = () => ({ folder: scratch(), spoolFolder: join(scratch(), 'spool') });

  it.each([
    ['leads.csv', 'csv'],
    ['leads.TSV', 'csv'],
    ['leads.ndjson', 'jsonl'],
  ])('%s is %s by its name', async (name, format) => {
    place(name, 'x');
    expect(await openInput({ input: name }, folders())).toMatchObject({ format, spooled: false });
  });

  it.each([
    ['\n {"name":"A"}\n', 'jsonl'],
    ['name\nA\n', 'csv'],
  ])('from stdin, %j, is %s by its content, and kept for this user alone until it is dropped', async (content, format) => {
    const input = await openInput({ input: streamOf(content) }, folders());
    expect(input).toMatchObject({ format, spooled: true });
    expect((await Array.fromAsync(input.file.text())).join('')).toBe(content);
    await dropSpooled(input.file.path);
    expect(readdirSync(join(scratch(), 'spool'))).toEqual([]);
  });

  it('whose name says nothing needs a format', async () => {
    place('leads', 'name\nA\n');
    await expect(openInput({ input: 'leads' }, folders())).rejects.toMatchObject({
      details: { next: expect.stringContaining('--format csv') },
    });
    expect(await openInput({ input: 'leads', format: 'csv' }, folders())).toMatchObject({ format: 'csv' });
  });

  it('that is not there, or is a folder, is refused by its path', async () => {
    mkdirSync(join(scratch(), 'folder.csv'));
    await expect(openInput({ input: 'no.csv' }, folders())).rejects.toMatchObject({
      message: expect.stringMatching(/no\.csv does not exist/),
    });
    await expect(openInput({ input: 'folder.csv' }, folders())).rejects.toMatchObject({ message: expect.stringMatching(/is not a file/) });
  });

  it('that changes while it is read is noticed', async () => {
    const path = place('leads.csv', `name\n${'A\n'.repeat(400_000)}`);
    const rows = rowsOf(await openText(path), 'csv', await entryOf('lead.create'));
    await rows.next();
    writeFileSync(path, 'name\nB\n');
    await expect(Array.fromAsync(rows)).rejects.toMatchObject({ message: expect.stringContaining('was changed while it was read') });
  });

  it.each(['csv', 'jsonl'] as const)('%s is read no further than its rows are asked for', async (format) => {
    const pulled = { pieces: 0 };
    const rows = rowsOf(endless(format, pulled), format, await entryOf('lead.create'));
    for (let row = 0; row < 10; row += 1) await rows.next();
    expect(pulled.pieces).toBeLessThan(100);
    await rows.return();
  });
});

it('whoever leaves a CSV file at any of its rows leaves no error behind that would end the process', async () => {
  const module = pathToFileURL(join(import.meta.dirname, '../../src/bulk/csv.ts')).href;
  const script = `
    const { csvRecords } = await import(${JSON.stringify(module)});
    async function* text() {
      yield 'name\\n';
      for (let piece = 0; piece < 40; piece += 1) yield 'Company\\n'.repeat(5);
    }
    for (let last = 1; last < 200; last += 3) {
      const records = csvRecords({ text });
      for (let row = 0; row < last; row += 1) {
        await records.next();
        if (last % 2) await new Promise(setImmediate);
      }
      await records.return();
    }
    await new Promise(setImmediate);`;
  const { stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(stderr).toBe('');
});

/** A file that never ends: whoever reads it whole never returns. */
function endless(format: BulkFormat, pulled: { pieces: number }): TextFile {
  return {
    path: 'endless',
    hash: async () => '',
    text: async function* text() {
      if (format === 'csv') yield 'name\n';
      for (;;) {
        pulled.pieces += 1;
        yield format === 'csv' ? `Company ${pulled.pieces}\n`.repeat(1000) : '{"name":"A"}\n'.repeat(1000);
      }
    },
  };
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  for (const piece of text.match(/[\s\S]{1,3}/g) ?? []) yield Buffer.from(piece);
}
