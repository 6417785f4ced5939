import type { Inverses, KeptInverse } from '../contract/journal.ts';
import type { Use } from './keys.ts';
import { inverseOf } from './rows.ts';
import type { Store } from './store.ts';
import type { InverseRow } from './tables.ts';

const PAGE = 500;
/** After every instant. */
const LAST = { at: '9999', call: '' };

/** How writes can be taken back, in the journal's database, apart from the receipts: what was there before may be personal. */
export function inversesOn(use: Use): Inverses {
  return {
    of: (call) => use((store) => ofCall(store, call)),
    ofRun: (run, before = LAST) => use((store) => page(store, run, before)),
    count: (run) =>
      use(async (store) => {
        const [counted] = await store.rows<{ readonly writes: number | string }>('countInverses', { run });
        return Number(counted?.writes ?? 0); // a server counts in 64 bits, which its driver hands over as text
      }),
    undone: (call, position, at) => use(async (store) => void (await store.run('undoInverse', { call_id: call, position, undone: at }))),
    forget: (before) => use((store) => store.run('forgetInverses', { before })),
  };
}

async function ofCall(store: Store, call: string): Promise<readonly KeptInverse[]> {
  return (await store.rows<InverseRow>('inversesOf', { call_id: call })).map(inverseOf);
}

/** The last call of a full page may go on after it: it is left to the next page, or read whole if there is no other. */
async function page(store: Store, run: string, { at, call }: Pick<KeptInverse, 'at' | 'call'>): Promise<readonly KeptInverse[]> {
  const rows = (await store.rows<InverseRow>('inversesOfRun', { run, at, call_id: call, limit: PAGE })).map(inverseOf);
  const last = rows.at(-1)?.call;
  if (rows.length < PAGE || last === undefined) return rows;
  const whole = rows.filter((row) => row.call !== last);
  return whole.length > 0 ? whole : (await ofCall(store, last)).toReversed();
}
