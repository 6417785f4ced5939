import type { Shared } from '../contract/journal.ts';
import type { Use } from './keys.ts';
import type { LimitRow, NoteRow } from './tables.ts';

/** What processes tell each other, in the journal's database. */
export function sharedOn(use: Use): Shared {
  return {
    notes: (at) => use((store) => store.rows<NoteRow>('liveNotes', { at })),
    note: (note) => use(async (store) => void (await store.run('putNote', { ...note }))),
    withdraw: (kind, subject) => use(async (store) => void (await store.run('dropNote', { kind, subject }))),
    forget: (before) => use((store) => store.run('forgetNotes', { before })),
    limit: (account, endpoint) => use(async (store) => (await store.rows<LimitRow>('limitOf', { account, endpoint }))[0]),
    learn: (limit) => use(async (store) => void (await store.run('putLimit', { ...limit }))),
    take: (account, endpoint, floor, at) => use(async (store) => (await store.run('takeLimit', { account, endpoint, floor, at })) > 0),
  };
}
