import { describe, expect, it } from 'vitest';
import { openVerification } from '../../src/app.ts';
import { coverageOf } from '../../src/operations.ts';
import { verified, wishOf } from './stage.ts';

describe('verify, writing', () => {
  it('runs every operation and intent that it can, by each tool that can carry it, and finds no difference', async () => {
    const report = await verified({ writes: true, backends: ['rest', 'scalekit'] });
    expect(report.cells.filter(({ verdict }) => verdict !== 'equal')).toEqual([]);
    expect(report.plan.left_out).toEqual({ 'meeting.delete': 'nothing can be made that it could be tried on' });
    const { operations } = await coverageOf('close');
    const tools = operations.filter(({ backends }) => backends['scalekit']?.transport === 'tool').map(({ id }) => id);
    const took = new Set(
      report.cells
        .filter(({ backend, transports }) => backend === 'scalekit' && transports.includes('tool'))
        .map(({ operation }) => operation),
    );
    expect(tools.filter((id) => !took.has(id))).toEqual([]);
  }, 120_000);

  it('writes nothing unless told to', async () => {
    await using verifying = await openVerification(
      { app: 'close', config: undefined, user: undefined, sandbox: true },
      wishOf({ operations: ['note.*'] }),
    );
    expect(verifying.plan.writes).toBe(0);
    expect(verifying.plan.left_out).toMatchObject({ 'note.create': 'it writes; add --writes' });
  });
});
