import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../../contract/adapter.ts';
import type { Connection } from '../../contract/connection.ts';
import { RouterError } from '../../contract/errors.ts';
import { isObject, isStrings, type JsonObject } from '../../contract/guards.ts';
import type { TapedRequest } from './redact.ts';

/** One request and what came of it. */
export interface Exchange {
  readonly backend: string;
  readonly operation: string;
  readonly request: TapedRequest;
  readonly reply: Reply;
}

/** What was recorded, so that it can be done again. */
export interface TapeIndex {
  readonly app: string;
  readonly mode: 'sandbox' | 'live';
  readonly writes: boolean;
  readonly operations: readonly string[];
  /** The reference first. */
  readonly backends: readonly string[];
  readonly connections: readonly Connection[];
}

export interface Tape {
  readonly index: TapeIndex;
  readonly exchanges: readonly Exchange[];
}

const INDEX = 'recording.json';

/** Writes one file per backend and operation, a line per exchange in the order in which they came. What was there before goes. Throws `configuration`. */
export function writeTape(folder: string, { index, exchanges }: Tape): void {
  if (existsSync(folder) && !existsSync(join(folder, INDEX)) && readdirSync(folder).length > 0)
    throw wrong(folder, 'it holds something else than a recording', 'Name an empty folder; nothing was written.');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) rmSync(join(folder, name), { recursive: true });
  const files = Map.groupBy(exchanges, ({ backend, operation }) => join(backend, `${operation}.jsonl`));
  const counts: Record<string, number> = {};
  for (const [file, group] of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    let sum = '';
    const lines = group.map(({ request, reply }) => {
      sum = sumOf(sum, { request, reply });
      return JSON.stringify({ request, reply, sum });
    });
    counts[file.replaceAll('\\', '/')] = lines.length;
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, INDEX), `${JSON.stringify({ recording: 1, ...index, files: counts }, null, 2)}\n`);
}

/** Reads a recording whole. Throws `configuration`, naming file and line, for whatever was changed since. */
export function readTape(folder: string): Tape {
  const file = join(folder, INDEX);
  if (!existsSync(file)) throw wrong(folder, `there is no ${INDEX} in it`, 'Name a folder that --record has written.');
  const index = parsed(readFileSync(file, 'utf8'));
  if (index?.['recording'] !== 1 || !isStrings(index['backends']) || !isObject(index['files']) || !Array.isArray(index['connections']))
    throw wrong(file, 'it is not the index of a recording', AGAIN);
  const exchanges = Object.entries(index['files']).flatMap(([name, count]) => readCassette(folder, name, Number(count)));
  // The lines above, and whoever wrote it, say what it is; a wrong field fails where it is used.
  return { index: index as unknown as TapeIndex, exchanges };
}

function readCassette(folder: string, name: string, count: number): readonly Exchange[] {
  const file = join(folder, name);
  if (!existsSync(file)) throw wrong(file, 'it is not there any more', AGAIN);
  const [backend = '', base = ''] = name.split('/');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  let sum = '';
  const exchanges = lines.map((line, at): Exchange => {
    const value = parsed(line);
    const place = `${file}:${at + 1}`;
    if (!value || !isObject(value['request']) || !isObject(value['reply'])) throw wrong(place, 'it is not a line of a recording', AGAIN);
    sum = sumOf(sum, { request: value['request'], reply: value['reply'] });
    if (value['sum'] !== sum)
      throw wrong(place, 'this line, or one before it, was changed, moved or taken out since it was recorded', AGAIN);
    // The sum holds: it is what writeTape wrote.
    return { backend, operation: base.replace(/\.jsonl$/, ''), request: value['request'], reply: value['reply'] } as unknown as Exchange;
  });
  if (lines.length !== count) throw wrong(`${file}:${lines.length}`, `it has ${lines.length} exchanges instead of ${count}`, AGAIN);
  return exchanges;
}

const AGAIN = 'Record it again, or take it back from version control; nothing was run.';

function sumOf(before: string, line: { readonly request: unknown; readonly reply: unknown }): string {
  return createHash('sha256')
    .update(`${before}\n${JSON.stringify([line.request, line.reply])}`)
    .digest('hex')
    .slice(0, 16);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function wrong(where: string, what: string, next: string): RouterError {
  return new RouterError('configuration', { what: `${where}: ${what}`, next });
}
