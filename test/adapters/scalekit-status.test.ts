import { describe, expect, it } from 'vitest';
import { fromStatus, numberOf, STATUS, statusName, toStatus } from '../../adapters/scalekit/status.ts';
import { STATUSES } from '../../src/contract/connection.ts';
import { ADA, accountPage, row, scripted } from './scalekit-server.ts';

describe('a status of Scalekit', () => {
  it.each([
    [0, 'unknown'],
    [1, 'active'],
    [2, 'expired'],
    [3, 'pending'],
    [4, 'pending'],
    [5, 'revoked'],
    [6, 'unknown'],
    [99, 'unknown'],
    [-1, 'unknown'],
    ['ACTIVE', 'unknown'],
    [undefined, 'unknown'],
  ])('%s means %s', (number, ours) => {
    expect(fromStatus(number)).toBe(ours);
  });

  it.each(STATUS)('$name is found by its name and by its number', ({ name, number }) => {
    expect(numberOf(name)).toBe(number);
    expect(statusName(number)).toBe(name);
  });

  it('that is served for one of ours is never better than it is', () => {
    const back = STATUSES.map((status) => [status, fromStatus(toStatus(status))]);
    expect(Object.fromEntries(back)).toEqual({
      active: 'active',
      pending: 'pending',
      expired: 'expired',
      revoked: 'revoked',
      failed: 'expired',
      disabled: 'revoked',
      unknown: 'unknown',
    });
  });

  it('comes over the wire as a number, also one that nobody has seen before', async () => {
    const rows = [1, 2, 3, 4, 5, 0, 77].map((status, at) => row({ id: `ca_${at}`, status }));
    await using scalekit = await scripted({ accounts: { listConnectedAccounts: () => accountPage(rows) } });
    const found = await scalekit.adapter().connections(ADA, AbortSignal.timeout(20_000));
    expect(found.map(({ status, detail }) => [status, detail])).toEqual([
      ['active', 'ACTIVE'],
      ['expired', 'EXPIRED'],
      ['pending', 'PENDING_AUTH'],
      ['pending', 'PENDING_VERIFICATION'],
      ['revoked', 'DISCONNECTED'],
      ['unknown', 'CONNECTION_STATUS_UNSPECIFIED'],
      ['unknown', 'status 77'],
    ]);
  });
});
