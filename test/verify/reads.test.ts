import { describe, expect, it } from 'vitest';
import { verified } from './stage.ts';

describe('verify, reading', () => {
  it('finds no difference between backends of one sandbox, and finds every id that it needs by reading', async () => {
    const report = await verified({ backends: ['rest', 'scalekit'] });
    expect(report.cells.filter(({ verdict }) => verdict !== 'equal' && verdict !== 'skipped')).toEqual([]);
    // A new organization has no jobs and no exports.
    expect(new Set(report.cells.filter(({ verdict }) => verdict === 'skipped').map(({ operation }) => operation))).toEqual(
      new Set(['bulk_delete.get', 'bulk_edit.get', 'bulk_email.get', 'bulk_sequence_subscription.get', 'export.get']),
    );
    expect(report.ok).toBe(true);
    expect(report.plan.reference).toBe('rest');
  });

  it('runs what is asked for, with what that needs before it', async () => {
    const report = await verified({ backends: ['rest', 'membrane'], operations: ['contact.get'] });
    expect(report.cells.map(({ operation, backend, verdict }) => [operation, backend, verdict])).toEqual([
      ['contact.get', 'rest', 'equal'],
      ['contact.get', 'membrane', 'equal'],
    ]);
  });

  it('ends with a report when its requests are used up', async () => {
    const report = await verified({ backends: ['rest', 'composio'], maxRequests: 5 });
    expect(report).toMatchObject({ ok: false, ended: 'requests_used_up' });
    expect(report.requests).toBeLessThanOrEqual(6);
  });

  it('refuses a backend that is not configured', async () => {
    await expect(verified({ backends: ['acme'] })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
