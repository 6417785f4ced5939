import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BulkFormat, BulkRequest } from '../contract/bulk.ts';
import { RouterError } from '../contract/errors.ts';
import { openText, type TextFile } from './text.ts';

export interface Input {
  readonly file: TextFile;
  readonly format: BulkFormat;
  readonly spooled: boolean;
}

/** Opens what is to be run. A stream is copied to a file of its own first: it has to be read twice, and again when the run is resumed. */
export async function openInput(
  { input, format }: Pick<BulkRequest, 'input' | 'format'>,
  { folder, spoolFolder }: { readonly folder: string; readonly spoolFolder: string },
): Promise<Input> {
  if (typeof input === 'string') {
    const path = resolve(folder, input);
    return { file: await openText(path), format: format ?? formatByName(path), spooled: false };
  }
  const file = await openText(await spool(input, spoolFolder));
  return { file, format: format ?? (await formatByContent(file)), spooled: true };
}

/** Drops a copy of ours, when nobody needs it any more. */
export async function dropSpooled(path: string): Promise<void> {
  if (basename(dirname(path)).startsWith(PREFIX)) await rm(dirname(path), { recursive: true, force: true });
}

const PREFIX = 'skillrouter-bulk-';

/** The folder is this user's alone (0700): rows hold data of persons. */
async function spool(stream: AsyncIterable<Uint8Array>, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(await mkdtemp(join(folder, PREFIX)), 'stdin');
  await pipeline(Readable.from(stream), createWriteStream(path, { mode: 0o600 }));
  return path;
}

function formatByName(path: string): BulkFormat {
  if (/\.(?:csv|tsv|txt)$/i.test(path)) return 'csv';
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return 'jsonl';
  throw new RouterError('invalid_input', {
    what: `nobody can tell whether ${basename(path)} is CSV or JSON Lines`,
    next: 'Name it .csv or .jsonl, or add --format csv or --format jsonl; nothing was sent.',
  });
}

/** A line of JSON begins with a brace, which no sensible header does. */
async function formatByContent(file: TextFile): Promise<BulkFormat> {
  for await (const text of file.text()) {
    const begun = text.trimStart();
    if (begun !== '') return begun.startsWith('{') ? 'jsonl' : 'csv';
  }
  return 'csv';
}
