import type { Transport } from '../contract/backend.ts';
import { isObject } from '../contract/guards.ts';
import type { Ruling, Switchboard } from '../contract/switchboard.ts';
import type { Use } from './keys.ts';
import type { Store } from './store.ts';
import type { RulingRow, TallyRow } from './switch-tables.ts';

/** Rulings, tallies and use in the journal's database. A server counts in 64 bits, which its driver hands over as text. */
export function switchboardOn(use: Use): Switchboard {
  return {
    rulings: () => use(async (store) => (await store.rows<RulingRow>('listRulings', {})).map(rulingOf)),
    rule: (ruling) => use((store) => rule(store, ruling)),
    tell: (tallies) => use((store) => store.write(tallies.map((tally) => ({ query: 'putTally', fields: { ...tally } })))),
    counted: (subject) =>
      use(async (store) => {
        const rows = await store.rows<Pick<TallyRow, 'operation' | 'measure'> & Figures<'count' | 'total'>>('sumTallies', { subject });
        return rows.map(({ count, total, ...row }) => ({ ...row, count: Number(count), total: Number(total) }));
      }),
    forget: (prefix, except) =>
      use(async (store) => void (await store.run('forgetTallies', { first: `${prefix}/`, last: `${prefix}0`, except }))),
    ...usesOn(use),
  };
}

type Figures<Names extends string> = { readonly [Name in Names]: number | string };

function usesOn(use: Use): Pick<Switchboard, 'operations' | 'users' | 'busiest' | 'endings'> {
  return {
    operations: (since) =>
      use(async (store) => {
        const rows = await store.rows<
          { call: string; step: string | null; backend: string; transport: string; last: string } & Figures<'requests'>
        >('operationUses', { since });
        return rows.map(({ step, transport, requests, ...row }) => ({
          ...row,
          ...(step === null ? {} : { step }),
          transport: transport as Transport, // only attempts are kept there
          requests: Number(requests),
        }));
      }),
    users: (since) =>
      use(async (store) => {
        const rows = await store.rows<{ user: string; last: string } & Figures<'calls'>>('userUses', { since });
        return rows.map((row) => ({ ...row, calls: Number(row.calls) }));
      }),
    busiest: (backend, since) =>
      use(async (store) => {
        const [row] = await store.rows<{ minute: string } & Figures<'number'>>('busiestMinute', { backend, since });
        return row && { minute: row.minute, calls: Number(row.number) };
      }),
    endings: (since, limit) =>
      use(async (store) => {
        const rows = await store.rows<{ backend: string; code: string | null } & Figures<'requests' | 'ms'>>('recentEndings', {
          since,
          limit,
        });
        return rows.map(({ backend, code, requests, ms }) => ({
          backend,
          ...(code === null ? {} : { code }),
          requests: Number(requests),
          ms: Number(ms),
        }));
      }),
  };
}

async function rule(store: Store, ruling: Ruling): Promise<boolean> {
  const row: RulingRow = { ...ruling, value: JSON.stringify(ruling.value) };
  const changed =
    ruling.revision === 1
      ? await store.run('insertRuling', { ...row })
      : await store.run('replaceRuling', { ...row, before: ruling.revision - 1 });
  if (changed > 0) return true;
  // It stands there already when the answer to putting it there was lost.
  const [found] = await store.rows<RulingRow>('rulingOf', { name: ruling.name });
  return found !== undefined && JSON.stringify(row) === JSON.stringify(inOrder(found, row));
}

/** The columns of a row in the order of another. */
function inOrder(row: RulingRow, like: RulingRow): object {
  return Object.fromEntries(Object.keys(like).map((column) => [column, row[column as keyof RulingRow]])); // the keys of one are those of the other
}

function rulingOf({ value, ...row }: RulingRow): Ruling {
  const read: unknown = JSON.parse(value);
  return { ...row, value: isObject(read) ? read : {} };
}
