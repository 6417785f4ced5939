import type { BulkBook, BulkRun, RowResult, RowStanding } from '../contract/bulk.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { BulkRowRow, BulkRunRow } from './bulk-tables.ts';
import type { Use } from './keys.ts';

/** Bulk runs in the journal's database; each step is one statement, so that two processes cannot both succeed. */
export function bulkOn(use: Use): BulkBook {
  const runs = (work: 'bulkRunOf' | 'listBulkRuns' | 'bulkRunsAlike', fields: Readonly<Record<string, string | number>>) =>
    use(async (store) => (await store.rows<BulkRunRow>(work, fields)).map(runOf));
  return {
    begin: (run) => use(async (store) => void (await store.run('insertBulkRun', { ...runRow(run) }))),
    run: async (id) => (await runs('bulkRunOf', { id }))[0],
    runs: (limit) => runs('listBulkRuns', { limit }),
    alike: ({ hash, operation, user }) => runs('bulkRunsAlike', { hash, operation, user }),
    move: (id, state, reason) => use(async (store) => void (await store.run('moveBulkRun', { id, state, reason: reason ?? null }))),
    loaded: (id) => use(async (store) => void (await store.run('bulkRunLoaded', { id }))),
    ...rowsOn(use),
    taken: (run) => use(async (store) => (await store.rows<BulkRowRow>('takenBulkRows', { run })).map(standingOf)),
    results: (run, { at, line }, limit) =>
      use(async (store) => (await store.rows<BulkRowRow>('bulkResults', { run, at, line, limit })).map(resultOf)),
    counts: (run) =>
      use(async (store) => {
        const counted = await store.rows<Pick<BulkRowRow, 'state' | 'code'> & { readonly rows: number | string }>('countBulkRows', { run });
        // A server counts in 64 bits, which its driver hands over as text.
        return counted.map(({ state, code, rows }) => ({ state: stateOf(state), ...codeOf(code), rows: Number(rows) }));
      }),
  };
}

function rowsOn(use: Use): Pick<BulkBook, 'take' | 'takeOver' | 'renew' | 'settle' | 'leave' | 'refuse'> {
  return {
    take: (run, line, owner, at, until) =>
      use(async (store) => {
        const row: BulkRowRow = { run, line, state: 'taken', owner, begun: at, until, at, code: null, object: null, fields: null };
        if ((await store.run('insertBulkRow', { ...row })) > 0) return 'mine';
        const [found] = await store.rows<BulkRowRow>('bulkRowOf', { run, line });
        // Its own name stands there when the answer to taking it was lost.
        if (found === undefined || found.owner === owner) return 'mine';
        return standingOf(found);
      }),
    takeOver: (run, { line, state, owner: from }, owner, until) =>
      use(async (store) => (await store.run('passBulkRow', { run, line, was: state, from, owner, until })) > 0),
    renew: (run, line, owner, until) => use(async (store) => (await store.run('renewBulkRow', { run, line, owner, until })) > 0),
    settle: (run, owner, result, key) =>
      use((store) =>
        store.write([
          { query: 'settleBulkRow', fields: { run, owner, ...resultFields(result) } },
          { query: 'emptyKey', fields: { ...key } },
        ]),
      ),
    leave: (run, line, owner) => use(async (store) => void (await store.run('leaveBulkRow', { run, line, owner }))),
    refuse: (run, result) =>
      use(async (store) => {
        const { at } = result;
        await store.run('insertBulkRow', { run, owner: '', begun: at, until: at, ...resultFields(result) });
      }),
  };
}

type Options = Pick<BulkRun, 'via' | 'format' | 'onError' | 'timeoutMs' | 'approved' | 'undoable' | 'spooled'>;

function runRow(run: BulkRun): BulkRunRow {
  const { id, at, operation, user, file, hash, rows, state, reason, loaded, ...options } = run;
  return {
    id,
    at,
    operation,
    user,
    file,
    hash,
    rows,
    options: JSON.stringify(options satisfies Options),
    state,
    reason: reason ?? null,
    loaded: loaded ? 1 : 0,
  };
}

// The casts below read back what the functions above wrote, column by column; nobody else writes these tables.

function runOf({ options, state, reason, loaded, ...row }: BulkRunRow): BulkRun {
  return {
    ...row,
    ...(JSON.parse(options) as Options),
    state: state as BulkRun['state'],
    ...(reason === null ? {} : { reason }),
    loaded: loaded !== 0,
  };
}

function standingOf({ line, state, owner, begun, until }: BulkRowRow): RowStanding {
  return { line, state: stateOf(state), owner, begun, until };
}

function resultFields({
  line,
  state,
  code,
  object,
  fields,
  at,
}: RowResult): Pick<BulkRowRow, 'line' | 'state' | 'code' | 'object' | 'fields' | 'at'> {
  return { line, state, code: code ?? null, object: object ?? null, fields: fields ? JSON.stringify(fields) : null, at };
}

function resultOf({ line, state, code, object, fields, at }: BulkRowRow): RowResult {
  return {
    line,
    state: state as RowResult['state'],
    ...codeOf(code),
    ...(object === null ? {} : { object }),
    ...(fields === null ? {} : { fields: JSON.parse(fields) as readonly string[] }),
    at,
  };
}

function stateOf(state: string): RowStanding['state'] {
  return state as RowStanding['state'];
}

function codeOf(code: string | null): { readonly code?: ErrorCode } {
  return code === null ? {} : { code: code as ErrorCode };
}
