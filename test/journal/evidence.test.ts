import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/contract/errors.ts';
import { ERRORS } from '../../src/contract/errors.ts';
import type { Journal } from '../../src/contract/journal.ts';
import type { Attempt } from '../../src/contract/receipt.ts';
import { STATEMENTS } from '../../src/journal/statements.generated.ts';
import { SQLITE, STORES } from '../support/stores.ts';

const EARLY = '2026-03-01T10:00:00.000Z';
const LATE = '2026-03-01T10:05:00.000Z';

/** A call at an instant, with one attempt for each of these. */
async function called({ record }: Pick<Journal, 'record'>, at: string, ...attempts: readonly Partial<Attempt>[]): Promise<void> {
  const one = { backend: 'rest', connection: 'rest:ada', transport: 'direct', delivery: 'answered', ms: 1 } as const;
  const receipt = { id: `call_${at}`, operation: 'close.me.get', user: 'ada', at, verdicts: [], ms: 1 };
  await record({ outcome: 'ok', receipt: { ...receipt, attempts: attempts.map((attempt) => ({ ...one, ...attempt })) } });
}

describe.each(STORES)('what calls have shown of a connection, on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  itThere('is when it last worked and when it last failed, whichever call came first on record', async () => {
    await using there = await place();
    const journal = there.open();
    expect(await journal.lastUses('rest', 'rest:ada')).toEqual({});
    await called(journal, LATE, { code: 'timeout', delivery: 'unknown' });
    await called(journal, EARLY, { code: 'unauthenticated' }, {});
    expect(await journal.lastUses('rest', 'rest:ada')).toEqual({ succeededAt: EARLY, failed: { at: LATE, code: 'timeout' } });
  });

  itThere('is that connection’s own, on that backend', async () => {
    await using there = await place();
    const journal = there.open();
    await called(journal, EARLY, {}, { connection: 'rest:bob', code: 'timeout' }, { backend: 'composio' });
    await called(journal, LATE, { backend: 'composio', code: 'timeout' });
    expect(await journal.lastUses('rest', 'rest:ada')).toEqual({ succeededAt: EARLY });
    expect(await journal.lastUses('rest', 'rest:bob')).toEqual({ failed: { at: EARLY, code: 'timeout' } });
    expect(await journal.lastUses('composio', 'rest:ada')).toEqual({ succeededAt: EARLY, failed: { at: LATE, code: 'timeout' } });
  });

  itThere('leaves out what the caller did wrong, and what the router held back', async () => {
    await using there = await place();
    const journal = there.open();
    const failing: ErrorCode[] = [];
    for (const [n, code] of (Object.keys(ERRORS) as ErrorCode[]).entries()) {
      await called(journal, `2026-03-01T10:${String(n).padStart(2, '0')}:00.000Z`, { connection: `rest:${code}`, code });
      if ((await journal.lastUses('rest', `rest:${code}`)).failed) failing.push(code);
    }
    expect(failing.toSorted()).toEqual([
      'backend_unavailable',
      'connection_required',
      'outcome_unknown',
      'permission_denied',
      'rate_limited',
      'reply_unexpected',
      'timeout',
      'unauthenticated',
    ]);
    await called(journal, LATE.replace('10:', '11:'), { code: 'rate_limited', delivery: 'not-sent' });
    expect(await journal.lastUses('rest', 'rest:ada')).toEqual({});
  });
});

it('what calls have shown is found without reading the calls, however many there are', async () => {
  await using there = await SQLITE.place();
  await there.open().open();
  const database = new DatabaseSync(there.path);
  const plan = database.prepare(`explain query plan ${STATEMENTS.lastAttempt.sql}`).all('rest', 'rest:ada', 'works');
  database.close();
  const steps = plan.map(({ detail }) => String(detail));
  expect(steps).toEqual([
    expect.stringMatching(/^SEARCH attempts USING INDEX attempts_connection \(backend=\? AND connection=\? AND shows=\?\)$/),
  ]);
});
