import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { RouterError } from '../contract/errors.ts';
import { isObject } from '../contract/guards.ts';
import type { TextFile } from './text.ts';

/** A record of a CSV file, and the line on which it begins. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quote that is never closed would otherwise take the rest of the file for one cell. */
const LARGEST_RECORD = 4 * 1024 * 1024;

/** Reads CSV: BOM, any line ends, quotes, and whichever of comma, semicolon and tab the header uses. Blank records are left out. */
export async function* csvRecords(file: TextFile): AsyncGenerator<CsvRecord, void, undefined> {
  const parser = parse({
    delimiter: await delimiterOf(file),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LARGEST_RECORD,
    raw: true,
  });
  const records = Readable.from(file.text()).compose(parser);
  // Whoever stops in the middle makes either stream raise an AbortError, which would end the process if nobody heard it. All others come below.
  for (const stream of [parser, records]) stream.on('error', () => undefined);
  let ended = 0;
  try {
    for await (const parsed of records) {
      const { raw, record } = parsedOf(parsed);
      const [blank = ''] = /^[\r\n]*/.exec(raw) ?? [];
      const line = ended + lineEnds(blank) + 1;
      ended += lineEnds(raw);
      if (record.some((cell) => cell.trim() !== '')) yield { line, cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? brokenAt(error, ended + 1) : error;
  }
}

function parsedOf(value: unknown): { readonly raw: string; readonly record: readonly string[] } {
  // `raw: true` without `columns` gives exactly this.
  if (isObject(value)) return value as { readonly raw: string; readonly record: readonly string[] };
  throw new TypeError('the CSV parser gave something else than a record');
}

/** The parser counts a CRLF within quotes twice, so that lines are counted here. */
function lineEnds(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}

const DELIMITERS = [',', ';', '\t'] as const;

/** The one that stands most often in the first line, outside quotes. */
async function delimiterOf(file: TextFile): Promise<string> {
  let head = '';
  for await (const text of file.text()) {
    head += text;
    if (/[\r\n]/.test(head.trimStart()) || head.length > LARGEST_RECORD) break;
  }
  const [first = ''] = head
    .trimStart()
    .replaceAll(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1);
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: first.split(delimiter).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.delimiter ?? ',';
}

const BROKEN: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened there and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands within a cell that is not quoted; write it twice and quote the cell',
  CSV_MAX_RECORD_SIZE: 'a record is larger than 4 MiB; a quote may not be closed',
};

/** The parser's own message holds what stands there. */
function brokenAt({ code }: CsvError, line: number): RouterError {
  return new RouterError('invalid_input', {
    what: `the CSV breaks at line ${line}: ${BROKEN[code] ?? 'it cannot be read'}`,
    next: 'Correct the file; nothing was sent.',
  });
}
