import { describe, expect, it } from 'vitest';
import { fromStatus, STATUS, toStatus } from '../../adapters/composio/status.ts';
import { STATUSES } from '../../src/contract/connection.ts';

const ROWS = [
  ['INITIALIZING', 'pending'],
  ['INITIATED', 'pending'],
  ['PENDING', 'pending'],
  ['ACTIVE', 'active'],
  ['FAILED', 'failed'],
  ['EXPIRED', 'expired'],
  ['INACTIVE', 'disabled'],
  ['REVOKED', 'revoked'],
] as const;

describe('the state of a connected account', () => {
  it.each(ROWS)('%s is %s', (word, status) => {
    expect(fromStatus(word)).toBe(status);
  });

  it('has a row here for every word that is known', () => {
    expect(ROWS.map(([word]) => word)).toEqual(Object.keys(STATUS));
  });

  it.each(['active', 'Active', 'DELETED', 'constructor', '', null, 1, undefined])('%j was never seen before, so it is unknown', (word) => {
    expect(fromStatus(word)).toBe('unknown');
  });

  it.each(STATUSES.filter((status) => status !== 'unknown'))('%s comes back from Composio’s word for it', (status) => {
    expect(fromStatus(toStatus(status))).toBe(status);
  });

  it('that is unknown is never shown as ACTIVE', () => {
    expect(toStatus('unknown')).not.toBe('ACTIVE');
  });
});
