import { RouterError } from '../contract/errors.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html) that are about the machine, not about us. */
const MACHINE: Readonly<Record<number, { readonly what: string; readonly next: string }>> = {
  1: { what: 'holds tables that are not a journal’s', next: 'Set `store:` to another file, or move this one away.' },
  3: { what: 'may not be read or written', next: 'Give this user the right to write there, or set `store:` to another file.' },
  5: { what: 'is locked by another process', next: 'Wait for the other process, or end it, and run the call again.' },
  6: { what: 'is locked by another process', next: 'Wait for the other process, or end it, and run the call again.' },
  8: { what: 'is read-only', next: 'Give this user the right to write there, or set `store:` to another file.' },
  10: { what: 'could not be read or written: disk error', next: 'Check the disk, or set `store:` to a file elsewhere.' },
  11: {
    what: 'is damaged',
    next: 'Move the file away; a new one is started with the next call. Idempotency keys and bulk runs are lost with it: look before you repeat a write.',
  },
  13: { what: 'could not be written: the disk is full', next: 'Free some space, or set `store:` to a file elsewhere.' },
  14: { what: 'cannot be opened', next: 'Set `store:` to a file in a folder that exists and is writable.' },
  26: { what: 'is not a journal: the file holds something else', next: 'Set `store:` to another file, or move this one away.' },
};

/** What the journal's trouble means to the caller. A bug of ours goes through unchanged. */
export function journalFailure(path: string, error: unknown): unknown {
  const known = MACHINE[primaryCode(error) ?? systemCode(error) ?? -1];
  if (known === undefined) return error;
  return new RouterError('configuration', { what: `the journal ${path} ${known.what}`, next: known.next }, { cause: error });
}

export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === 5 || code === 6;
}

/** The low byte is the primary code; the rest makes it precise. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** Making the folder fails in Node, before SQLite is asked. */
function systemCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EROFS') return 8;
  if (code === 'ENOSPC') return 13;
  if (code === 'EACCES' || code === 'EPERM') return 3;
  return code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENOENT' ? 14 : undefined;
}
