import { RouterError } from '../contract/errors.ts';
import type { Journal, JournalEntry, KeptInverse } from '../contract/journal.ts';

/**
 * The writes of each call, the last one first; the last call first. Those of a run are read page by page: it may have any number.
 * Throws when there are none to tell of.
 */
export async function* callsOf(journal: Journal, id: string, user: string): AsyncGenerator<readonly KeptInverse[], void, undefined> {
  const entry = await journal.show(id);
  if (entry && entry.receipt.user !== user) throw unknown();
  const own = (await journal.inverses?.of(id)) ?? [];
  const why = entry && reasonFor(entry, own);
  if (why !== undefined) throw refused(why);
  const pages = own.length > 0 ? [own.toReversed()] : pagesOf(journal, id);
  let found = false;
  for await (const page of pages) {
    if (page.some((one) => one.user !== user)) throw unknown();
    found = true;
    yield* Map.groupBy(page, ({ call }) => call).values();
  }
  if (!found) throw unknown();
}

async function* pagesOf({ inverses }: Journal, run: string): AsyncGenerator<readonly KeptInverse[], void, undefined> {
  for (let page = await inverses?.ofRun(run); page; ) {
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    page = await inverses?.ofRun(run, last);
  }
}

/** Why the call as a whole is not to be undone. */
function reasonFor({ receipt, outcome }: JournalEntry, kept: readonly KeptInverse[]): string | undefined {
  if (outcome === 'outcome_unknown') return 'nobody knows whether its write happened: look at the object first';
  if (receipt.replayed && kept.length === 0)
    return 'it wrote nothing, but gave the result of an earlier call with the same key again: undo that one';
  if (kept.length > 0) return undefined;
  return outcome === 'ok' ? 'it wrote nothing, or too long ago: how to undo it is not kept' : `it wrote nothing: it ended with ${outcome}`;
}

/** Whether somebody else has such a call is nobody's business. */
function unknown(): RouterError {
  return new RouterError('not_found', { what: 'there is no such call or run of this user', next: 'See "skillrouter log" for the ids.' });
}

function refused(why: string): RouterError {
  return new RouterError('conflict', { what: `this call cannot be undone: ${why}`, next: 'Nothing was changed.' });
}
