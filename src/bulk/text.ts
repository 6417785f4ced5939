import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { RouterError } from '../contract/errors.ts';
import { stringAt } from '../contract/guards.ts';

/** One file that is read several times and must not change in between. */
export interface TextFile {
  readonly path: string;
  /** Its text from the beginning, piece by piece. Throws `invalid_input` when it is no UTF-8, or changes while it is read. */
  text(): AsyncGenerator<string, void, undefined>;
  /** SHA-256 of its bytes. */
  hash(): Promise<string>;
}

/** Throws `invalid_input` when there is no such file. */
export async function openText(path: string): Promise<TextFile> {
  const first = await stateOf(path);
  const unchanged = async (): Promise<void> => {
    if ((await stateOf(path)) !== first)
      throw unfit(path, 'was changed while it was read', 'Leave it alone until the run is done; what was sent is on record.');
  };
  return {
    path,
    text: async function* text() {
      const decoder = new TextDecoder('utf-8', { fatal: true });
      for await (const chunk of bytesOf(path)) {
        const text = decoded(path, () => decoder.decode(chunk, { stream: true }));
        await unchanged();
        yield text;
      }
      yield decoded(path, () => decoder.decode());
    },
    hash: async () => {
      const hash = createHash('sha256');
      for await (const chunk of bytesOf(path)) hash.update(chunk);
      await unchanged();
      return hash.digest('hex');
    },
  };
}

const CHUNK_BYTES = 256 * 1024;

async function* bytesOf(path: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>; // without an encoding a file stream gives buffers
  } catch (error) {
    if (stringAt(error, 'syscall') === undefined) throw error;
    throw unfit(path, 'cannot be read', 'Check its permissions.');
  }
}

function decoded(path: string, work: () => string): string {
  try {
    return work();
  } catch {
    throw unfit(path, 'is not UTF-8 text', 'Save it as UTF-8 ("CSV UTF-8" in Excel); nothing of it was guessed.');
  }
}

/** Tells one state of a file from another, as far as the file system knows. */
async function stateOf(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = stringAt(error, 'code') === 'ENOENT';
    throw unfit(path, missing ? 'does not exist' : 'cannot be read', 'Check the path after --input.');
  });
  if (!found.isFile()) throw unfit(path, 'is not a file', 'Give a file, or - to read stdin.');
  return `${found.ino}:${found.size}:${found.mtimeMs}`;
}

function unfit(path: string, what: string, next: string): RouterError {
  return new RouterError('invalid_input', { what: `the input ${path} ${what}`, next });
}
