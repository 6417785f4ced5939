import type { KeyState, Keys } from '../contract/journal.ts';
import type { Store } from './store.ts';
import type { KeyRow } from './tables.ts';

/** Runs work on the open database. */
export type Use = <Result>(work: (store: Store) => Promise<Result>) => Promise<Result>;

/** Idempotency keys in the journal's database; each step is one statement, so that two processes cannot both succeed. */
export function keysOn(use: Use): Keys {
  const move = (key: KeyMoving): Promise<boolean> => use(async (store) => (await store.run('moveKey', { ...key })) > 0);
  return {
    take: ({ user, key, operation, hash }, owner, at, until) =>
      use(async (store) => {
        const row: KeyRow = { user, key, operation, hash, state: 'open', owner, at, until, data: null };
        if ((await store.run('insertKey', { ...row })) > 0) return { state: 'mine' };
        const [found] = await store.rows<KeyRow>('keyOf', { user, key });
        return found ? stateOf(found) : { state: 'open', hash, owner: '', at, until };
      }),
    takeOver: ({ user, key }, from, owner, until) =>
      use(async (store) => (await store.run('passKey', { user, key, from, owner, until })) > 0),
    sending: ({ user, key }, owner, at) => move({ user, key, owner, next: owner, state: 'sent', at, data: null }),
    settle: async ({ user, key }, owner, data, at) => {
      await move({ user, key, owner, next: owner, state: 'done', at, data: JSON.stringify(data ?? null) });
    },
    release: ({ user, key }, owner) => use(async (store) => void (await store.run('deleteKey', { user, key, owner }))),
    abandon: async ({ user, key }, owner, at) => {
      await move({ user, key, owner, next: '', state: 'sent', at, data: null });
    },
    forget: (before) => use((store) => store.run('forgetKeys', { before })),
  };
}

type KeyMoving = Pick<KeyRow, 'user' | 'key' | 'owner' | 'state' | 'at' | 'data'> & { readonly next: string };

function stateOf({ state, hash, owner, at, until, data }: KeyRow): KeyState {
  if (state === 'done') return { state, hash, data: JSON.parse(data ?? 'null') as unknown };
  return { state: state === 'sent' ? 'sent' : 'open', hash, owner, at, until };
}
