import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { BULK_QUERIES } from './bulk-queries.ts';
import { SWITCH_QUERIES } from './switch-queries.ts';
import type { AccountRow, AttemptRow, CallRow, InverseRow, KeyRow, LimitRow, NoteRow, ObjectRow, Tables } from './tables.ts';

type Database = Kysely<Tables>;

export interface ListFilter {
  readonly operation: string | null;
  readonly user: string | null;
  readonly outcome: string | null;
  readonly since: string | null;
  readonly limit: number;
}

interface KeyPassing {
  readonly user: string;
  readonly key: string;
  readonly from: string;
  readonly owner: string;
  readonly until: string;
}

interface KeyMove {
  readonly user: string;
  readonly key: string;
  readonly owner: string;
  readonly next: string;
  readonly state: string;
  readonly at: string;
  readonly data: string | null;
}

type RunPage = Pick<InverseRow, 'at' | 'call_id'> & { readonly run: string; readonly limit: number };

interface LimitTaking {
  readonly account: string;
  readonly endpoint: string;
  readonly floor: number;
  readonly at: string;
}

interface LastAttempt {
  readonly backend: string;
  readonly connection: string;
  readonly shows: string;
}

/**
 * Every question that the journal asks of its database. Each has one fixed text, filters included, so that it can be
 * compiled when the package is built: loading Kysely takes longer than a whole call (see `build.ts`).
 */
export const QUERIES = {
  // Written again when the answer of a database server was lost: nothing is doubled.
  insertCall: (db: Database, row: CallRow): CompiledQuery =>
    db
      .insertInto('calls')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  insertAttempt: (db: Database, row: AttemptRow): CompiledQuery =>
    db
      .insertInto('attempts')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  insertAccount: (db: Database, row: AccountRow): CompiledQuery => db.insertInto('accounts').values(row).compile(),

  insertObject: (db: Database, row: ObjectRow): CompiledQuery =>
    db
      .insertInto('objects')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  objectOf: (db: Database, { app, object }: { readonly app: string; readonly object: string }): CompiledQuery =>
    db.selectFrom('objects').selectAll().where('app', '=', app).where('object', '=', object).compile(),

  insertKey: (db: Database, row: KeyRow): CompiledQuery =>
    db
      .insertInto('keys')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  keyOf: (db: Database, { user, key }: { readonly user: string; readonly key: string }): CompiledQuery =>
    db.selectFrom('keys').selectAll().where('user', '=', user).where('key', '=', key).compile(),

  passKey: (db: Database, { user, key, from, owner, until }: KeyPassing): CompiledQuery =>
    db
      .updateTable('keys')
      .set({ owner, until })
      .where('user', '=', user)
      .where('key', '=', key)
      .where('owner', '=', from)
      .where('state', '!=', sql.lit('done'))
      .compile(),

  moveKey: (db: Database, { user, key, owner, next, state, at, data }: KeyMove): CompiledQuery =>
    db
      .updateTable('keys')
      .set({ owner: next, state, at, data })
      .where('user', '=', user)
      .where('key', '=', key)
      .where('owner', '=', owner)
      .compile(),

  deleteKey: (db: Database, { user, key, owner }: { readonly user: string; readonly key: string; readonly owner: string }): CompiledQuery =>
    db.deleteFrom('keys').where('user', '=', user).where('key', '=', key).where('owner', '=', owner).compile(),

  forgetKeys: (db: Database, { before }: { readonly before: string }): CompiledQuery =>
    db.deleteFrom('keys').where('state', '=', sql.lit('done')).where('at', '<', before).compile(),

  putNote: (db: Database, row: NoteRow): CompiledQuery =>
    db
      .insertInto('notes')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['kind', 'subject']).doUpdateSet(({ ref }) => ({
          count: ref('excluded.count'),
          at: ref('excluded.at'),
          until: ref('excluded.until'),
        })),
      )
      .compile(),

  dropNote: (db: Database, { kind, subject }: { readonly kind: string; readonly subject: string }): CompiledQuery =>
    db.deleteFrom('notes').where('kind', '=', kind).where('subject', '=', subject).compile(),

  liveNotes: (db: Database, { at }: { readonly at: string }): CompiledQuery =>
    db.selectFrom('notes').selectAll().where('until', '>', at).compile(),

  forgetNotes: (db: Database, { before }: { readonly before: string }): CompiledQuery =>
    db.deleteFrom('notes').where('until', '<', before).compile(),

  // While a window runs, what others have taken counts: an answer that left the app earlier must not bring it back.
  putLimit: (db: Database, row: LimitRow): CompiledQuery =>
    db
      .insertInto('limits')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['account', 'endpoint']).doUpdateSet(({ eb, ref }) => ({
          capacity: ref('excluded.capacity'),
          remaining: eb
            .case()
            .when(
              eb.and([
                eb('limits.resets', '>', ref('excluded.at')),
                eb('limits.remaining', '<', ref('excluded.remaining')),
                eb('limits.at', '<=', ref('excluded.at')),
              ]),
            )
            .then(ref('limits.remaining'))
            .else(ref('excluded.remaining'))
            .end(),
          at: ref('excluded.at'),
          resets: eb
            .case()
            .when(eb.and([eb('limits.resets', '>', ref('excluded.resets')), eb('limits.at', '<=', ref('excluded.at'))]))
            .then(ref('limits.resets'))
            .else(ref('excluded.resets'))
            .end(),
        })),
      )
      .compile(),

  limitOf: (db: Database, { account, endpoint }: { readonly account: string; readonly endpoint: string }): CompiledQuery =>
    db.selectFrom('limits').selectAll().where('account', '=', account).where('endpoint', '=', endpoint).compile(),

  takeLimit: (db: Database, { account, endpoint, floor, at }: LimitTaking): CompiledQuery =>
    db
      .updateTable('limits')
      .set(({ eb, lit }) => ({ remaining: eb('remaining', '-', lit(1)) }))
      .where('account', '=', account)
      .where('endpoint', '=', endpoint)
      .where('remaining', '>', floor)
      .where('resets', '>', at)
      .compile(),

  insertInverse: (db: Database, row: InverseRow): CompiledQuery =>
    db
      .insertInto('inverses')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  inversesOf: (db: Database, { call_id }: Pick<InverseRow, 'call_id'>): CompiledQuery =>
    db.selectFrom('inverses').selectAll().where('call_id', '=', call_id).orderBy('position').compile(),

  // The first condition says nothing new, but lets the index begin where the page does.
  inversesOfRun: (db: Database, { run, at, call_id, limit }: RunPage): CompiledQuery =>
    db
      .selectFrom('inverses')
      .selectAll()
      .where('run', '=', run)
      .where('at', '<=', at)
      .where(({ and, eb, or }) => or([eb('at', '<', at), and([eb('at', '=', at), eb('call_id', '<', call_id)])]))
      .orderBy('at', 'desc')
      .orderBy('call_id', 'desc')
      .orderBy('position', 'desc')
      .limit(limit)
      .compile(),

  countInverses: (db: Database, { run }: { readonly run: string }): CompiledQuery =>
    db
      .selectFrom('inverses')
      .select(({ fn }) => fn.countAll<number | string>().as('writes'))
      .where('run', '=', run)
      .compile(),

  // What was there before is kept no longer than it may be needed.
  undoInverse: (db: Database, { call_id, position, undone }: Pick<InverseRow, 'call_id' | 'position' | 'undone'>): CompiledQuery =>
    db
      .updateTable('inverses')
      .set(({ lit }) => ({ undone, image: lit(null) }))
      .where('call_id', '=', call_id)
      .where('position', '=', position)
      .where('undone', 'is', null)
      .compile(),

  forgetInverses: (db: Database, { before }: { readonly before: string }): CompiledQuery =>
    db.deleteFrom('inverses').where('at', '<', before).compile(),

  listCalls: (db: Database, filter: ListFilter): CompiledQuery =>
    db
      .selectFrom('calls')
      .selectAll()
      .where(({ cast, eb, or, val }) => or([eb(cast(val(filter.operation), 'text'), 'is', null), eb('operation', '=', filter.operation)]))
      .where(({ cast, eb, or, val }) => or([eb(cast(val(filter.user), 'text'), 'is', null), eb('user', '=', filter.user)]))
      .where(({ cast, eb, or, val }) => or([eb(cast(val(filter.outcome), 'text'), 'is', null), eb('outcome', '=', filter.outcome)]))
      .where(({ cast, eb, or, val }) => or([eb(cast(val(filter.since), 'text'), 'is', null), eb('at', '>=', filter.since)]))
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(filter.limit)
      .compile(),

  showCall: (db: Database, { id }: { readonly id: string }): CompiledQuery =>
    db.selectFrom('calls').selectAll().where('id', '=', id).compile(),

  attemptsOf: (db: Database, { id }: { readonly id: string }): CompiledQuery =>
    db.selectFrom('attempts').selectAll().where('call_id', '=', id).orderBy('position').compile(),

  lastAttempt: (db: Database, of: LastAttempt): CompiledQuery =>
    db
      .selectFrom('attempts')
      .select(['at', 'code'])
      .where('backend', '=', of.backend)
      .where('connection', '=', of.connection)
      .where('shows', '=', of.shows)
      .orderBy('at', 'desc')
      .limit(({ lit }) => lit(1))
      .compile(),

  accountOf: (db: Database, of: { readonly backend: string; readonly connection: string }): CompiledQuery =>
    db
      .selectFrom('accounts')
      .selectAll()
      .where('backend', '=', of.backend)
      .where('connection', '=', of.connection)
      .orderBy('at', 'desc')
      .limit(({ lit }) => lit(1))
      .compile(),

  ...BULK_QUERIES,
  ...SWITCH_QUERIES,
};

export type QueryName = keyof typeof QUERIES;
