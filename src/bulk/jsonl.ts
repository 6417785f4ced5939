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
    if (text === TOO_LONG) yield { line };
    else if (text.trim() !== '') yield { line, ...objectIn(text) };
  }
}

const TOO_LONG = Symbol('too long');

/** Splits at line feeds; a carriage return before one is white space to JSON. What is longer than a line may be is not gathered. */
async function* linesOf(file: TextFile): AsyncGenerator<string | typeof TOO_LONG, void, undefined> {
  let rest: string | typeof TOO_LONG = '';
  for await (const text of file.text()) {
    const [end = '', ...lines] = text.split('\n');
    rest = joined(rest, end);
    for (const line of lines) {
      yield rest;
      rest = line;
    }
  }
  yield rest;
}

/** Once too long, a line is that to its end: what is left of it must not pass for all of it. */
function joined(rest: string | typeof TOO_LONG, more: string): string | typeof TOO_LONG {
  return rest === TOO_LONG || rest.length + more.length > LARGEST_LINE ? TOO_LONG : rest + more;
}

function objectIn(text: string): Pick<JsonLine, 'value'> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { value } : {};
  } catch {
    return {};
  }
}
