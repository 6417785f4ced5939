/** Bulk runs in one process: what is checked before, what becomes of each row, and how a run that stopped goes on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ResultsFile, resultsFile } from '../../src/cli/results-file.ts';
import type { BulkEffort, BulkReport } from '../../src/contract/bulk.ts';
import { csvOf, linesOf, listening, namesOf, openStage, REQUEST, type Stage } from './stage.ts';

const HEADER = 'name,url,contacts.0.name,contacts.0.emails.0.email,contacts.0.phones.0.phone,status_id';

/** Leads as CSV: name, e-mail, phone, status. */
function leads(...rows: readonly (readonly [name: string, email?: string, phone?: string, status?: string])[]): string {
  return [HEADER, ...rows.map(([name, email = '', phone = '', status = '']) => `${name},,,${email},${phone},${status}`), ''].join('\n');
}

/** No such status: well-formed, and for the app to refuse. */
const UNKNOWN_STATUS = 'stat_nobodyKnowsThisOneAtAll00';

/** Requests that make a lead; the policy prefers `rest`. */
const writesOf = ({ sandbox }: Stage): number =>
  sandbox.requests('rest').filter(({ method, path }) => method === 'POST' && path.endsWith('/lead/')).length;

const results = ({ heard }: ReturnType<typeof listening>) =>
  heard.results.map(({ line, state, code }) => [line, code ?? state]).toSorted(([a], [b]) => Number(a) - Number(b));

describe('a dry run', () => {
  it('checks every row and sends none, nor does it leave a run behind', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const report = await bulk.begin({ ...REQUEST, dryRun: true, input: stage.file('leads.csv', csvOf(30)) }, listening());
    expect(report).toMatchObject({ ok: true, state: 'checked', rows: 30, done: 0, left: 30, problem_count: 0 });
    expect(report).not.toHaveProperty('run');
    expect([writesOf(stage), stage.leads(), await bulk.runs()]).toEqual([0, [], []]);
  });

  it('names every line that is not fit, and of many the first twenty', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const bad = [
      'name,url',
      'A',
      ...Array.from({ length: 30 }, (_, at) => (at % 3 === 0 ? `,https://c${at}.example` : `C${at},`)),
      '',
    ].join('\n');
    const effort = listening();
    const report = await bulk.begin({ ...REQUEST, dryRun: true, onError: 'skip', input: stage.file('bad.csv', bad) }, effort);
    expect(report).toMatchObject({ ok: false, state: 'checked', rows: 31, problem_count: 11, error: { code: 'invalid_input' } });
    expect(report.problems.slice(0, 2)).toEqual([
      { line: 2, code: 'invalid_input', what: expect.stringContaining('has 1 of the 2 cells'), fields: [] },
      { line: 3, code: 'invalid_input', what: expect.stringContaining('name'), fields: ['name'] },
    ]);
    expect(effort.heard.problems.map(({ line }) => line)).toEqual([2, ...Array.from({ length: 10 }, (_, at) => 3 + 3 * at)]);
    expect(effort.heard.results).toEqual([]);

    const worse = stage.file('worse.jsonl', 'nonsense\n'.repeat(25));
    expect(await bulk.begin({ ...REQUEST, dryRun: true, input: worse }, listening())).toMatchObject({
      problem_count: 25,
      problems: { length: 20 },
    });
  });

  it('tells that no row could be sent now', async () => {
    await using stage = await openStage();
    for (const backend of ['rest', 'composio'])
      for (const { id } of await stage.sandbox.connections(backend)) stage.sandbox.change(backend, id, { status: 'expired' });
    await using session = await stage.open();
    const { bulk } = session;
    const report = await bulk.begin({ ...REQUEST, via: 'composio', dryRun: true, input: stage.file('leads.csv', csvOf(3)) }, listening());
    expect(report).toMatchObject({ ok: false, state: 'checked', problem_count: 0, error: { code: 'connection_required' } });
  });
});

describe('rows that are not fit to be sent', () => {
  const CONTENT = leads(['A'], ['', 'nobody@x.example'], ['C']);

  it('keep all the others from being sent, unless they are to be skipped', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const input = stage.file('leads.csv', CONTENT);
    const refused = await bulk.begin({ ...REQUEST, input }, listening());
    expect(refused).toMatchObject({
      ok: false,
      state: 'refused',
      error: { code: 'invalid_input', message: expect.stringContaining('line 3') },
    });
    expect(stage.leads()).toEqual([]);

    const effort = listening();
    const skipped = await bulk.begin({ ...REQUEST, onError: 'skip', input }, effort);
    expect(skipped).toMatchObject({ ok: false, state: 'done', rows: 3, done: 2, failed: 1, codes: { invalid_input: 1 }, problem_count: 1 });
    expect(results(effort)).toEqual([
      [2, 'done'],
      [3, 'invalid_input'],
      [4, 'done'],
    ]);
    expect(stage.leads()).toEqual(['A', 'C']);
  });

  it.each([
    ['a read', { operation: 'close.lead.list' }, 'invalid_input'],
    ['an operation that nobody knows', { operation: 'close.lead.craete' }, 'unknown_operation'],
  ])('%s is not taken for a bulk run', async (_, wrong, code) => {
    await using stage = await openStage();
    await using session = await stage.open();
    await expect(session.bulk.begin({ ...REQUEST, ...wrong, input: stage.file('leads.csv', CONTENT) }, listening())).rejects.toMatchObject({
      code,
    });
  });

  it('are all rows when the policy wants consent that was not given, or none when it was', async () => {
    await using stage = await openStage({ policy: { ask: ['write'] } });
    await using session = await stage.open();
    const { bulk } = session;
    const input = stage.file('leads.csv', leads(['A']));
    await expect(bulk.begin({ ...REQUEST, input }, listening())).rejects.toMatchObject({ code: 'approval_required' });
    expect(stage.leads()).toEqual([]);
    expect(await bulk.begin({ ...REQUEST, approved: true, input }, listening())).toMatchObject({ ok: true, done: 1 });
  });

  it('are none in a file without rows', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const report = await session.bulk.begin({ ...REQUEST, input: stage.file('leads.csv', `${HEADER}\n`) }, listening());
    expect(report).toMatchObject({
      ok: false,
      state: 'refused',
      rows: 0,
      error: { code: 'invalid_input', message: expect.stringContaining('no rows') },
    });
  });
});

describe('probable duplicates', () => {
  const TWINS = leads(
    ['Acme', 'ann@a.example', '+1 415 555 0100'],
    ['ACME '],
    ['Beta', 'ANN@a.example'],
    ['Gamma', '', '+14155550100'],
    ['Delta'],
  );

  it('in one file are found by name, address and number before anything is made', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const input = stage.file('leads.csv', TWINS);
    const report = await bulk.begin({ ...REQUEST, input }, listening());
    expect(report).toMatchObject({ state: 'refused', error: { code: 'conflict' }, problem_count: 3 });
    expect(report.problems).toEqual([
      { line: 3, code: 'conflict', what: 'is probably the same as line 2 (name)', fields: ['name'] },
      { line: 4, code: 'conflict', what: 'is probably the same as line 2 (email)', fields: ['email'] },
      { line: 5, code: 'conflict', what: 'is probably the same as line 2 (phone)', fields: ['phone'] },
    ]);
    expect(JSON.stringify(report)).not.toMatch(/ann@|415/i);
    expect(stage.leads()).toEqual([]);

    expect(await bulk.begin({ ...REQUEST, onError: 'skip', input }, listening())).toMatchObject({
      done: 2,
      failed: 3,
      codes: { conflict: 3 },
    });
    expect(stage.leads()).toEqual(['Acme', 'Delta']);
    expect(await bulk.begin({ ...REQUEST, duplicates: 'off', again: true, input }, listening())).toMatchObject({ ok: true, done: 5 });
    expect(stage.leads()).toHaveLength(7);
  });

  it('of what the app has are looked for there when that is wanted', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    await bulk.begin({ ...REQUEST, input: stage.file('first.csv', leads(['Acme', 'ann@a.example'])) }, listening());
    const input = stage.file('second.csv', leads(['Nobody'], ['Other', 'ann@a.example']));
    const report = await bulk.begin({ ...REQUEST, duplicates: 'app', input }, listening());
    expect(report).toMatchObject({
      state: 'refused',
      problems: [{ line: 3, code: 'conflict', what: expect.stringMatching(/is probably there already \(email\): lead_\w+/) }],
    });
    expect(stage.leads()).toEqual(['Acme']);
  });

  it('are rows that say the same, where nothing else tells', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    await bulk.begin({ ...REQUEST, input: stage.file('lead.csv', leads(['Acme'])) }, listening());
    const [made] = stage.sandbox.world.ledger().flatMap(({ ids }) => ids.filter((id) => id.startsWith('lead_')));
    const note = { ...REQUEST, operation: 'close.note.create' };
    const input = stage.file('notes.csv', `lead_id,note\n${made},Met\n${made},Called\n${made},Met\n`);
    expect(await bulk.begin({ ...note, input }, listening())).toMatchObject({
      state: 'refused',
      problems: [{ line: 4, code: 'conflict' }],
    });
    await expect(bulk.begin({ ...note, duplicates: 'app', input }, listening())).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a row that the app refuses', () => {
  const CONTENT = leads(['A'], ['B', '', '', UNKNOWN_STATUS], ['C'], ['D']);

  it('stops the run, which says at which line, and goes on after it when it is resumed', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const report = await bulk.begin({ ...REQUEST, input: stage.file('leads.csv', CONTENT) }, listening({ concurrency: 1 }));
    expect(report).toMatchObject({ ok: false, state: 'stopped', done: 1, failed: 1, left: 2, error: { code: 'rejected' } });
    expect(report.error?.message).toContain('line 3');
    expect(report.resume).toBe(`skillrouter bulk --resume ${report.run}`);
    const resumed = await bulk.resume(report.run ?? '', listening());
    expect(resumed).toMatchObject({ ok: false, state: 'done', done: 3, failed: 1, left: 0, codes: { rejected: 1 } });
    expect(stage.leads()).toEqual(['A', 'C', 'D']);
  });

  it('is left behind when rows are to be skipped, with the fields that were refused', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const effort = listening();
    const report = await session.bulk.begin({ ...REQUEST, onError: 'skip', input: stage.file('leads.csv', CONTENT) }, effort);
    expect(report).toMatchObject({ ok: false, state: 'done', done: 3, failed: 1 });
    expect(effort.heard.results.find(({ line }) => line === 3)).toMatchObject({ state: 'failed', code: 'rejected', fields: ['status_id'] });
  });
});

describe('a run', () => {
  it('writes a line per row into its results file as they come, and all of them again when it is resumed', async () => {
    await using stage = await openStage();
    const effort = listening();
    await using session = await stage.open((calls) => calls === 5 && effort.abort());
    const { bulk } = session;
    const path = join(stage.folder, 'results.jsonl');
    const writing = (to: ResultsFile): BulkEffort => ({
      ...effort,
      stop: effort.stop,
      listener: { ...effort.listener, onResult: to.result },
    });
    using first = resultsFile(path);
    const stopped = await bulk.begin({ ...REQUEST, input: stage.file('leads.csv', csvOf(20)) }, writing(first));
    expect(stopped).toMatchObject({ ok: false, state: 'stopped', failed: 0 });
    expect(stopped.left).toBeGreaterThan(0);
    expect([linesOf(path).length, stage.leads().length, writesOf(stage)]).toEqual([stopped.done, stopped.done, stopped.done]);
    using second = resultsFile(path);
    const resumed = await bulk.resume(stopped.run ?? '', { ...writing(second), stop: new AbortController().signal });
    expect(resumed).toMatchObject({ ok: true, state: 'done', done: 20, left: 0 });
    const written = linesOf(path).toSorted((a, b) => Number(a['line']) - Number(b['line']));
    expect(written).toEqual(Array.from({ length: 20 }, (_, at) => ({ line: at + 2, ok: true, id: expect.stringMatching(/^lead_/) })));
    expect([stage.leads(), writesOf(stage)]).toEqual([namesOf(20), 20]);
    expect(await bulk.resume(stopped.run ?? '', listening())).toMatchObject({ ok: true, state: 'done', done: 20 });
    expect(writesOf(stage)).toBe(20);
  });

  it('tells how far it is: never back, and all of it at the end', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const effort = listening();
    await session.bulk.begin({ ...REQUEST, input: stage.file('leads.csv', csvOf(60)) }, effort);
    const running = effort.heard.progress.filter(({ stage: at }) => at === 'running').map(({ done }) => done);
    expect(running).toEqual(running.toSorted((a, b) => a - b));
    expect(effort.heard.progress.at(-1)).toMatchObject({ stage: 'running', rows: 60, done: 60, failed: 0 });
  });

  it('of a file that was run before is refused, unless it is meant', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    const input = stage.file('leads.csv', csvOf(4));
    const first = await bulk.begin({ ...REQUEST, input }, listening());
    const elsewhere = stage.file('copy.csv', csvOf(4));
    await expect(bulk.begin({ ...REQUEST, input: elsewhere }, listening())).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(first.run ?? 'no run'),
    });
    expect(stage.leads()).toHaveLength(4);
    expect(await bulk.begin({ ...REQUEST, again: true, input }, listening())).toMatchObject({ ok: true, done: 4 });
    expect((await bulk.runs()).map(({ state, done }) => [state, done])).toEqual([
      ['done', 4],
      ['done', 4],
    ]);
  });

  it('is not resumed with another file than it began with, nor when there is none of that name', async () => {
    await using stage = await openStage();
    const effort = listening();
    await using session = await stage.open((calls) => calls === 2 && effort.abort());
    const { bulk } = session;
    const { run = '' } = await bulk.begin({ ...REQUEST, input: stage.file('leads.csv', csvOf(20)) }, effort);
    stage.file('leads.csv', csvOf(21));
    await expect(bulk.resume(run, listening())).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('its content has changed'),
    });
    await expect(bulk.resume('bulk_nobody', listening())).rejects.toMatchObject({ code: 'not_found' });
    stage.file('leads.csv', csvOf(20));
    expect(await bulk.resume(run, listening())).toMatchObject({ ok: true, done: 20 });
    expect(stage.leads()).toEqual(namesOf(20));
  });

  it('from stdin keeps a copy until it is done, so that it can be resumed', async () => {
    await using stage = await openStage();
    const effort = listening();
    await using session = await stage.open((calls) => calls === 2 && effort.abort());
    const { bulk } = session;
    const stopped = await bulk.begin({ ...REQUEST, input: piecesOf(csvOf(20)) }, effort);
    expect(stopped).toMatchObject({ state: 'stopped' });
    const copy = (await session.core.journal.bulk.run(stopped.run ?? ''))?.file ?? '';
    expect(readFileSync(copy, 'utf8')).toBe(csvOf(20));
    expect(await bulk.resume(stopped.run ?? '', listening())).toMatchObject({ ok: true, done: 20 });
    expect(existsSync(copy)).toBe(false);
    expect(stage.leads()).toEqual(namesOf(20));
  });

  it('whose connection expires in the middle stops, loses nothing, and goes on when it is connected again', async () => {
    await using stage = await openStage();
    const [own] = await stage.sandbox.connections('composio');
    const turnTo = (status: 'expired' | 'active') => stage.sandbox.change('composio', own?.id ?? '', { status });
    await using session = await stage.open((calls) => calls === 5 && turnTo('expired'));
    const { bulk } = session;
    const request = { ...REQUEST, via: 'composio', input: stage.file('leads.csv', csvOf(20)) };
    const stopped = await bulk.begin(request, listening());
    expect(stopped).toMatchObject({ ok: false, state: 'stopped', failed: 0, unknown: 0, error: { code: 'connection_required' } });
    expect(stopped.left).toBeGreaterThan(0);
    expect(stage.leads()).toHaveLength(stopped.done);
    turnTo('active');
    expect(await bulk.resume(stopped.run ?? '', listening())).toMatchObject({ ok: true, state: 'done', done: 20 });
    expect(stage.leads()).toEqual(namesOf(20));
  });

  it('goes on by another backend of the same account when one of two connections is refused in the middle', async () => {
    await using stage = await openStage();
    const [own] = await stage.sandbox.connections('rest');
    await using session = await stage.open((calls) => calls === 5 && stage.sandbox.change('rest', own?.id ?? '', { status: 'revoked' }));
    const report = await session.bulk.begin({ ...REQUEST, input: stage.file('leads.csv', csvOf(20)) }, listening());
    expect(report).toMatchObject({ ok: true, done: 20 });
    expect(stage.leads()).toEqual(namesOf(20));
  });

  it('keeps within what the app allows: it waits, says so, and no row fails for it', async () => {
    await using stage = await openStage({ limited: true });
    await using session = await stage.open();
    const effort = listening({ concurrency: 8 });
    const report = await session.bulk.begin({ ...REQUEST, input: stage.file('leads.csv', csvOf(70)) }, effort);
    expect(report).toMatchObject({ ok: true, done: 70, failed: 0, codes: {} });
    expect(effort.heard.notes).toContainEqual(expect.stringMatching(/^waiting \d+\.\d s: rate_limited$/));
    expect(stage.leads()).toEqual(namesOf(70));
  });

  it('does not end while a row is in doubt: to resume it is to look again', async () => {
    await using stage = await openStage();
    await using session = await stage.open();
    const { bulk } = session;
    stage.sandbox.fault({ backend: 'rest', method: 'POST', path: 'lead', when: 'after', kind: 'reset' });
    const blind = stage.sandbox.fault({ backend: 'rest', method: 'GET', path: 'lead', when: 'before', kind: 'reset', times: 'always' });
    const effort = listening({ concurrency: 1 });
    const request = { ...REQUEST, via: 'rest', onError: 'skip' as const, timeoutMs: 1500, input: stage.file('leads.csv', csvOf(3)) };
    const report: BulkReport = await bulk.begin(request, effort);
    expect(report).toMatchObject({ ok: false, state: 'stopped', done: 2, unknown: 1, left: 0, codes: { outcome_unknown: 1 } });
    blind.remove();
    expect(await bulk.resume(report.run ?? '', listening())).toMatchObject({ ok: true, state: 'done', done: 3, unknown: 0 });
    expect(stage.leads()).toEqual(namesOf(3));
  });
});

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 64) {
    await turn();
    yield Buffer.from(text.slice(at, at + 64));
  }
}
