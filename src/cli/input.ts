import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import { whereJsonFails } from './json-position.ts';

/** More than any operation needs; whoever has more gave the wrong file. */
const LARGEST_INPUT_BYTES = 4 * 1024 * 1024;

const TOO_LARGE = 'the input is larger than 4 MiB';

/** Reads `--input`, or a flag like it: JSON itself, `@file`, or `-` for stdin. Throws `invalid_input`. */
export async function readInput(written: string, stdin: Readable, flag = '--input'): Promise<JsonObject> {
  if (written === '-') return parseInput(await readAll(stdin), 'stdin');
  if (written.startsWith('@')) return parseInput(await readFile(written.slice(1)), written.slice(1));
  if (Buffer.byteLength(written) > LARGEST_INPUT_BYTES) throw tooLarge();
  return parseInput(written, flag);
}

/** Parses JSON that has to be an object; says line and column of a mistake, and repeats none of the text. */
export function parseInput(text: string, source: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    const { line, column } = whereJsonFails(text.replace(/^\uFEFF/, ''));
    const problem = text.trim() === '' ? `${source} is empty` : `${source} is not JSON: it breaks at line ${line}, column ${column}`;
    throw wrong(problem, 'Give one JSON object, e.g. \'{"name":"Acme"}\'; nothing was sent.');
  }
  if (isObject(value)) return value;
  throw wrong(
    `${source} holds ${Array.isArray(value) ? 'a list' : 'a single value'}, not an object`,
    'Give one JSON object; nothing was sent.',
  );
}

async function readFile(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = stringAt(error, 'code') === 'ENOENT';
    throw wrong(`the input file ${path} ${missing ? 'does not exist' : 'cannot be read'}`, 'Check the path after @; nothing was sent.');
  });
  if (found.isDirectory()) throw wrong(`the input file ${path} is a folder`, 'Check the path after @; nothing was sent.');
  if (found.size > LARGEST_INPUT_BYTES) throw tooLarge();
  return readAll(createReadStream(path)).catch((error: unknown) => {
    throw error instanceof RouterError ? error : wrong(`the input file ${path} cannot be read`, 'Check its permissions; nothing was sent.');
  });
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > LARGEST_INPUT_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): RouterError {
  return wrong(TOO_LARGE, 'Send less at once; nothing was sent.');
}

function wrong(what: string, next: string): RouterError {
  return new RouterError('invalid_input', { what, next });
}
