import type { ConnectionStatus } from '../../src/contract/connection.ts';

/**
 * Composio's words for the state of a connected account, v3.1. PENDING stands in the documentation and not in the enum.
 * Source: docs.composio.dev "Authenticating tools"; @composio/core 0.19.0 types/connectedAccounts.types.ts.
 */
export const STATUS: Readonly<Record<string, ConnectionStatus>> = {
  INITIALIZING: 'pending',
  INITIATED: 'pending',
  PENDING: 'pending',
  ACTIVE: 'active',
  FAILED: 'failed',
  EXPIRED: 'expired',
  INACTIVE: 'disabled',
  REVOKED: 'revoked',
};

/** Ours → theirs. guess: a state that nobody knows is shown as a record whose flow has not started, never as ACTIVE. */
const WORD: Readonly<Record<ConnectionStatus, string>> = {
  active: 'ACTIVE',
  pending: 'INITIATED',
  expired: 'EXPIRED',
  revoked: 'REVOKED',
  failed: 'FAILED',
  disabled: 'INACTIVE',
  unknown: 'INITIALIZING',
};

/** A word that nobody has seen before is `unknown`, never `active`. */
export function fromStatus(word: unknown): ConnectionStatus {
  return typeof word === 'string' && Object.hasOwn(STATUS, word) ? (STATUS[word] ?? 'unknown') : 'unknown';
}

export function toStatus(status: ConnectionStatus): string {
  return WORD[status];
}
