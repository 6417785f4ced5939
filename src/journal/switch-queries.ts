import { type CompiledQuery, type Kysely, sql } from 'kysely';
import { type RulingRow, SWITCH_COLUMNS, type SwitchTables, type TallyRow } from './switch-tables.ts';
import type { AttemptRow, CallRow } from './tables.ts';

type Database = Kysely<SwitchTables & { readonly calls: CallRow; readonly attempts: AttemptRow }>;

export interface Since {
  readonly since: string;
}

/** Every question about rulings, tallies and use; each has one fixed text (see `queries.ts`), and can be repeated without harm. */
export const SWITCH_QUERIES = {
  listRulings: (db: Database, _: object): CompiledQuery => db.selectFrom('rulings').selectAll().orderBy('name').compile(),

  rulingOf: (db: Database, { name }: Pick<RulingRow, 'name'>): CompiledQuery =>
    db.selectFrom('rulings').selectAll().where('name', '=', name).compile(),

  insertRuling: (db: Database, row: RulingRow): CompiledQuery =>
    db
      .insertInto('rulings')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile(),

  replaceRuling: (db: Database, { name, before, revision, by, at, value }: RulingRow & { readonly before: number }): CompiledQuery =>
    db.updateTable('rulings').set({ revision, by, at, value }).where('name', '=', name).where('revision', '=', before).compile(),

  putTally: (db: Database, row: TallyRow): CompiledQuery =>
    db
      .insertInto('tallies')
      .values(row)
      .onConflict((conflict) =>
        conflict
          .columns(['subject', 'counter', 'operation', 'measure'])
          .doUpdateSet(({ ref }) => ({ count: ref('excluded.count'), total: ref('excluded.total') })),
      )
      .compile(),

  sumTallies: (db: Database, { subject }: Pick<TallyRow, 'subject'>): CompiledQuery =>
    db
      .selectFrom('tallies')
      .select(({ fn }) => ['operation', 'measure', fn.sum<number | string>('count').as('count'), fn.sum<number>('total').as('total')])
      .where('subject', '=', subject)
      .groupBy(['operation', 'measure'])
      .orderBy('operation')
      .orderBy('measure')
      .compile(),

  // A subject is `<prefix>/<epoch>`; a range is what both databases can look up without knowing of patterns.
  forgetTallies: (
    db: Database,
    { first, last, except }: { readonly first: string; readonly last: string; readonly except: string },
  ): CompiledQuery =>
    db.deleteFrom('tallies').where('subject', '>=', first).where('subject', '<', last).where('subject', '!=', except).compile(),

  operationUses: (db: Database, { since }: Since): CompiledQuery =>
    db
      .selectFrom('calls')
      .innerJoin('attempts', 'attempts.call_id', 'calls.id')
      .select(({ fn }) => [
        'calls.operation as call',
        'attempts.operation as step',
        'attempts.backend',
        'attempts.transport',
        fn.countAll<number | string>().as('requests'),
        fn.max('calls.at').as('last'),
      ])
      .where('calls.at', '>=', since)
      .groupBy(['calls.operation', 'attempts.operation', 'attempts.backend', 'attempts.transport'])
      .compile(),

  userUses: (db: Database, { since }: Since): CompiledQuery =>
    db
      .selectFrom('calls')
      .select(({ fn }) => ['user', fn.countAll<number | string>().as('calls'), fn.max('at').as('last')])
      .where('at', '>=', since)
      .groupBy('user')
      .orderBy('user')
      .compile(),

  // Instants are text: their first 16 characters are the minute.
  busiestMinute: (db: Database, { since, backend }: Since & { readonly backend: string }): CompiledQuery =>
    db
      .selectFrom('calls')
      .select(({ fn }) => [MINUTE.as('minute'), fn.countAll<number | string>().as('number')])
      .where('at', '>=', since)
      .where('backend', '=', backend)
      .groupBy(MINUTE)
      .orderBy('number', 'desc')
      .orderBy('minute')
      .limit(({ lit }) => lit(1))
      .compile(),

  recentEndings: (db: Database, { since, limit }: Since & { readonly limit: number }): CompiledQuery =>
    db
      .selectFrom((inner) =>
        inner
          .selectFrom('calls')
          .select('id')
          .where('at', '>=', since)
          .orderBy('at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .as('recent'),
      )
      .innerJoin('attempts', 'attempts.call_id', 'recent.id')
      .select(({ fn }) => [
        'attempts.backend',
        'attempts.code',
        fn.countAll<number | string>().as('requests'),
        fn.sum<number>('attempts.ms').as('ms'),
      ])
      .groupBy(['attempts.backend', 'attempts.code'])
      .compile(),
};

const MINUTE = sql<string>`substr(at, 1, 16)`;

type SwitchQueryName = keyof typeof SWITCH_QUERIES;

export const SWITCH_FIELDS: Readonly<Record<SwitchQueryName, readonly string[]>> = {
  listRulings: [],
  rulingOf: ['name'],
  insertRuling: SWITCH_COLUMNS.rulings,
  replaceRuling: ['name', 'before', 'revision', 'by', 'at', 'value'],
  putTally: SWITCH_COLUMNS.tallies,
  sumTallies: ['subject'],
  forgetTallies: ['first', 'last', 'except'],
  operationUses: ['since'],
  userUses: ['since'],
  busiestMinute: ['since', 'backend'],
  recentEndings: ['since', 'limit'],
};
