import type { ConnectionStatus } from '../../src/contract/connection.ts';

interface StatusRow {
  readonly number: number;
  readonly name: string;
  readonly ours: ConnectionStatus;
}

/**
 * Scalekit's ConnectorStatus, a number on the wire and in the Node SDK, where its pages compare with words. Source: the
 * descriptors of @scalekit-sdk/node 2.11.0, connected_accounts.proto.
 */
export const STATUS: readonly StatusRow[] = [
  { number: 0, name: 'CONNECTION_STATUS_UNSPECIFIED', ours: 'unknown' },
  { number: 1, name: 'ACTIVE', ours: 'active' },
  { number: 2, name: 'EXPIRED', ours: 'expired' },
  { number: 3, name: 'PENDING_AUTH', ours: 'pending' },
  { number: 4, name: 'PENDING_VERIFICATION', ours: 'pending' },
  { number: 5, name: 'DISCONNECTED', ours: 'revoked' },
];

/** Ours → theirs. guess: what they have no state for is shown as one that has to be authorised again. */
const NUMBER: Readonly<Record<ConnectionStatus, number>> = {
  unknown: 0,
  active: 1,
  expired: 2,
  failed: 2,
  pending: 3,
  revoked: 5,
  disabled: 5,
};

/** A number that nobody has seen before is `unknown`, never `active`. */
export function fromStatus(number: unknown): ConnectionStatus {
  return STATUS.find((row) => row.number === number)?.ours ?? 'unknown';
}

/** The name of a state, or the number of one that nobody has seen before. */
export function statusName(number: unknown): string {
  return STATUS.find((row) => row.number === number)?.name ?? `status ${String(number)}`;
}

export function toStatus(status: ConnectionStatus): number {
  return NUMBER[status];
}

/** The number behind a name of theirs, or a bare number. */
export function numberOf(word: string): number | undefined {
  return STATUS.find(({ name }) => name === word)?.number ?? (/^\d{1,4}$/.test(word) ? Number(word) : undefined);
}
