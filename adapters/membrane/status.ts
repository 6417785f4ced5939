import type { ConnectionStatus } from '../../src/contract/connection.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';

interface Row {
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly fits: (connection: JsonObject) => boolean;
}

const inState =
  (...words: readonly string[]) =>
  ({ state }: JsonObject): boolean =>
    words.some((word) => word === state);

const asksFor =
  (type: string) =>
  ({ state, clientAction }: JsonObject): boolean =>
    state === 'CLIENT_ACTION_REQUIRED' && isObject(clientAction) && clientAction['type'] === type;

/**
 * What a connection of Membrane is, first fit wins: a dead credential (row 7) outweighs READY, because nobody says that the two
 * exclude each other. The states are those of @membranehq/sdk 0.28.3 (WorkspaceElementState) and of two other vocabularies that
 * Membrane's own texts use (agent-skills self-integration 1.0.0 and integration-developer@967835c9).
 */
export const STATUS_ROWS: readonly Row[] = [
  { name: 'archived', status: 'revoked', fits: ({ archivedAt }) => typeof archivedAt === 'string' && archivedAt !== '' },
  { name: 'disconnecting', status: 'revoked', fits: inState('DISCONNECTING') },
  { name: 'building', status: 'pending', fits: inState('BUILDING', 'SETUP_IN_PROGRESS') },
  { name: 'asks the user to connect', status: 'pending', fits: asksFor('connect') },
  { name: 'asks the user for input', status: 'pending', fits: asksFor('provide-input') },
  { name: 'failed', status: 'failed', fits: inState('CONFIGURATION_ERROR', 'SETUP_FAILED', 'ERROR') },
  {
    name: 'disconnected',
    status: 'expired',
    fits: (one) =>
      one['connected'] === false ||
      one['disconnected'] === true ||
      one['isDefunct'] === true ||
      inState('DISCONNECTED', 'NOT_CONFIGURED')(one),
  },
  { name: 'deactivated', status: 'disabled', fits: ({ isDeactivated }) => isDeactivated === true },
  {
    name: 'ready',
    status: 'active',
    fits: ({ state, connected, disconnected }) =>
      state === 'READY' || ((state === undefined || state === null) && (connected === true || disconnected === false)),
  },
  { name: 'anything else', status: 'unknown', fits: () => true },
];

export function readStatus(connection: JsonObject): ConnectionStatus {
  return STATUS_ROWS.find(({ fits }) => fits(connection))?.status ?? 'unknown';
}

/** Ours → the fields that say so, for the door. guess: how a revoked, an expired and a disabled connection look on the real wire. */
const FIELDS: Readonly<Record<ConnectionStatus, JsonObject>> = {
  active: { state: 'READY', connected: true, disconnected: false },
  pending: { state: 'CLIENT_ACTION_REQUIRED', connected: false, disconnected: true },
  expired: { state: 'READY', connected: false, disconnected: true },
  revoked: { state: 'DISCONNECTING', connected: false, disconnected: true },
  failed: { state: 'SETUP_FAILED', connected: false, disconnected: true },
  disabled: { state: 'READY', connected: true, disconnected: false, isDeactivated: true },
  unknown: {},
};

export function writeStatus(status: ConnectionStatus): JsonObject {
  return FIELDS[status];
}
