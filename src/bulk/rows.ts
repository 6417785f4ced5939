import { pageOf } from '../catalog/describe.ts';
import type { BulkFormat } from '../contract/bulk.ts';
import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { columnsOf } from './columns.ts';
import { csvRecords } from './csv.ts';
import { jsonLines } from './jsonl.ts';
import type { TextFile } from './text.ts';

/** One row as the file has it: an input that nobody has checked yet, or why it is none. */
export type Row =
  | { readonly line: number; readonly input: JsonObject; readonly problem?: undefined }
  | { readonly line: number; readonly problem: string };

/** Reads a file row by row. Throws `invalid_input` for what concerns the file as a whole. */
export function rowsOf(file: TextFile, format: BulkFormat, entry: Operation | Intent): AsyncGenerator<Row, void, undefined> {
  return format === 'jsonl' ? jsonRows(file) : csvRows(file, entry);
}

async function* jsonRows(file: TextFile): AsyncGenerator<Row, void, undefined> {
  for await (const { line, value } of jsonLines(file)) yield value ? { line, input: value } : { line, problem: 'is not one JSON object' };
}

async function* csvRows(file: TextFile, entry: Operation | Intent): AsyncGenerator<Row, void, undefined> {
  const records = csvRecords(file);
  const header = await records.next();
  const { input: schema, operation } = pageOf(entry);
  if (header.done)
    throw new RouterError('invalid_input', { operation, what: 'the file is empty', next: 'Its first line names the fields.' });
  const columns = columnsOf(header.value.cells, schema, operation);
  for await (const { line, cells } of records) {
    if (cells.length !== columns.count) {
      yield { line, problem: `has ${cells.length} of the ${columns.count} cells that the header names` };
      continue;
    }
    const input = columns.input(cells);
    yield input ? { line, input } : { line, problem: 'has a value in a column that the header does not name' };
  }
}
