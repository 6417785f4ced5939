import { describe, expect, it } from 'vitest';
import { readStatus, STATUS_ROWS, writeStatus } from '../../adapters/membrane/status.ts';
import { STATUSES } from '../../src/contract/connection.ts';

/** Each row with the ways to be in it; what stands earlier outweighs what stands later. */
const ROWS = [
  ['archived', 'revoked', [{ archivedAt: '2026-01-01T00:00:00Z', state: 'READY', connected: true }]],
  ['disconnecting', 'revoked', [{ state: 'DISCONNECTING', connected: true }]],
  ['building', 'pending', [{ state: 'BUILDING', connected: false }, { state: 'SETUP_IN_PROGRESS' }]],
  ['asks the user to connect', 'pending', [{ state: 'CLIENT_ACTION_REQUIRED', clientAction: { type: 'connect' }, disconnected: true }]],
  ['asks the user for input', 'pending', [{ state: 'CLIENT_ACTION_REQUIRED', clientAction: { type: 'provide-input' }, connected: false }]],
  [
    'failed',
    'failed',
    [{ state: 'CONFIGURATION_ERROR' }, { state: 'SETUP_FAILED', connected: false }, { state: 'ERROR', disconnected: true }],
  ],
  [
    'disconnected',
    'expired',
    [
      { state: 'READY', connected: false },
      { state: 'READY', disconnected: true },
      { state: 'READY', connected: true, isDefunct: true },
      { state: 'DISCONNECTED' },
      { state: 'NOT_CONFIGURED', connected: true },
      { state: 'READY', connected: false, isDeactivated: true },
    ],
  ],
  [
    'deactivated',
    'disabled',
    [
      { state: 'READY', isDeactivated: true },
      { connected: true, isDeactivated: true },
    ],
  ],
  [
    'ready',
    'active',
    [
      { state: 'READY' },
      { state: 'READY', connected: true, disconnected: false },
      { connected: true },
      { disconnected: false },
      { state: null, connected: true },
    ],
  ],
  [
    'anything else',
    'unknown',
    [
      {},
      { state: 'HIBERNATING', connected: true },
      { state: 'ready' },
      { state: 7 },
      { state: 'CLIENT_ACTION_REQUIRED' },
      { state: 'CLIENT_ACTION_REQUIRED', clientAction: { type: 'dance' }, connected: true },
      { connected: 'yes' },
      { state: '', connected: true },
    ],
  ],
] as const;

describe('a connection of Membrane', () => {
  it.each(
    ROWS.flatMap(([name, status, all]) => all.map((one) => [name, status, one] as const)),
  )('that is %s is %s: %j', (name, status, one) => {
    expect(readStatus(one)).toBe(status);
    expect(STATUS_ROWS.find(({ fits }) => fits(one))?.name).toBe(name);
  });

  it('is looked at in this order, and no other row exists', () => {
    expect(STATUS_ROWS.map(({ name, status }) => [name, status])).toEqual(ROWS.map(([name, status]) => [name, status]));
  });

  it.each(STATUSES)('that our door shows as %s is read as that', (status) => {
    const clientAction = status === 'pending' ? { clientAction: { type: 'connect' } } : {};
    expect(readStatus({ ...writeStatus(status), ...clientAction })).toBe(status);
  });
});
