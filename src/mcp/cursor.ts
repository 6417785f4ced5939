import { RouterError } from '../contract/errors.ts';

/** Where the next page of a list begins. Opaque to its reader, and no secret: it leads nowhere that the call itself does not. */
export interface Place {
  /** The app's own offset. */
  readonly skip?: number;
  /** The app's own cursor. */
  readonly cursor?: string;
  /** Rows of that page of the app's that were shown already. */
  readonly drop: number;
  /** Rows that were shown before, on all pages. */
  readonly shown: number;
}

/** `call` tells one call from another. */
export function writeCursor(call: string, { shown, drop, skip, cursor }: Place): string {
  return Buffer.from(JSON.stringify([markOf(call), shown, drop, skip ?? null, cursor ?? null])).toString('base64url');
}

/** Throws `invalid_input` when it is none of ours, or of another call. */
export function readCursor(written: string, call: string): Place {
  const [mark, shown, drop, skip, cursor] = parsed(written);
  if (!isCount(drop) || !isCount(shown) || mark !== markOf(call)) {
    throw new RouterError('invalid_input', {
      what: 'the cursor belongs to no page of this call',
      next: 'Repeat the same operation and input with the cursor of its last result, or leave the cursor out to begin again; nothing was sent.',
      fields: [{ path: 'cursor', problem: 'is of another call, or was changed' }],
    });
  }
  return { drop, shown, ...(isCount(skip) ? { skip } : {}), ...(typeof cursor === 'string' ? { cursor } : {}) };
}

function parsed(written: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(written, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Enough to tell calls apart. */
function markOf(call: string): string {
  return call.slice(0, 12);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
