import type { Inverses } from '../contract/journal.ts';
import type { Use } from './keys.ts';
import { inverseOf } from './rows.ts';
import type { InverseRow } from './tables.ts';

/** How writes can be taken back, in the journal's database, apart from the receipts: what was there before may be personal. */
export function inversesOn(use: Use): Inverses {
  return {
    of: (id) => use(async (store) => (await store.rows<InverseRow>('inversesOf', { id })).map(inverseOf)),
    undone: (call, position, at) => use(async (store) => void (await store.run('undoInverse', { call_id: call, position, undone: at }))),
    forget: (before) => use((store) => store.run('forgetInverses', { before })),
  };
}
