import { isObject, type JsonObject } from '../contract/guards.ts';
import type { TextFile } from './text.ts';

/** A line of a JSON Lines file; without `value` it is not one JSON object. */
export interface JsonLine {
  readonly line: number;
  readonly value?: JsonObject;
}

/** More than any operation needs. */
const LARGEST_LINE = 4 * 1024 * 1024;

/** Reads one object per line; blank lines are left out. */
export async function* jsonLines(file: TextFile): AsyncGenerator<JsonLine, void, undefined> {
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text.trim() !== '') yield { line, ...objectIn(text) };
  }
}

/** Splits at line feeds; a carriage return before one is white space to JSON. */
async function* linesOf(file: TextFile): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const text of file.text()) {
    const lines = (rest + text).split('\n');
    // What is longer than any line may be is no object in any case; it is not gathered.
    rest = (lines.pop() ?? '').slice(0, LARGEST_LINE);
    yield* lines;
  }
  yield rest;
}

function objectIn(text: string): Pick<JsonLine, 'value'> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { value } : {};
  } catch {
    return {};
  }
}
