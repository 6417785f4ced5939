import type { Connection } from '../../src/contract/connection.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type Desk, idOf } from './door-desk.ts';
import { errorBody } from './errors.ts';
import { readStatus, writeStatus } from './status.ts';

/** A connection as Membrane shows it. Source: @membranehq/sdk 0.28.3, BaseConnection; no secret is ever in it. */
export function toConnection(desk: Desk, connection: Connection): JsonObject {
  const { id, user, checkedAt, createdAt = checkedAt } = connection;
  const { name = desk.app.id, key, meta } = desk.memory.notes.get(id) ?? {};
  const { integration } = desk;
  return {
    id,
    name,
    ...(key === undefined ? {} : { key }),
    ...(meta === undefined ? {} : { meta }),
    userId: idOf('tenant', user),
    tenantId: idOf('tenant', user),
    integrationId: idOf('integration', integration),
    connectorId: idOf('connector', integration),
    isTest: false,
    ...standing(connection),
    canTest: true,
    canRefreshCredentials: false,
    createdAt,
    updatedAt: checkedAt,
    user: toTenant(user),
    integration: toIntegration(desk),
  };
}

/** `internalId` is the name that the workspace gave the tenant, `id` is Membrane's own. */
export function toTenant(user: string): JsonObject {
  return { id: idOf('tenant', user), name: user, internalId: user };
}

export function toIntegration({ integration, app }: Desk): JsonObject {
  return {
    id: idOf('integration', integration),
    key: integration,
    name: titled(app.id),
    logoUri: `https://static.integration.app/connectors/${app.id}/logo.png`, // guess
    state: 'READY',
    connectorId: idOf('connector', integration),
    authType: 'membrane-token',
  };
}

export function toConnector({ integration, app }: Desk): JsonObject {
  return {
    id: idOf('connector', integration),
    key: app.id,
    name: titled(app.id),
    logoUri: `https://static.integration.app/connectors/${app.id}/logo.png`,
  };
}

/** "list-leads" → "List Leads", as the published actions are named. */
export function titled(key: string): string {
  return key.replaceAll(/(^|-)(\w)/g, (_, dash: string, letter: string) => `${dash === '' ? '' : ' '}${letter.toUpperCase()}`);
}

/** Further ways in which a connection can be dead, READY or not; a sandbox is told them by the name of the field. */
const FLAGS: Readonly<Record<string, JsonObject>> = {
  archivedAt: { state: 'READY', connected: true, disconnected: false, archivedAt: '2026-01-01T00:00:00.000Z' },
  disconnected: { state: 'READY', disconnected: true },
  isDefunct: { state: 'READY', connected: true, disconnected: false, isDefunct: true },
  isDeactivated: { state: 'READY', connected: true, disconnected: false, isDeactivated: true },
};

/** A word that this very protocol gave is shown as it was given, also one that nobody knows, unless the status is known better. */
function standing(connection: Connection): JsonObject {
  const { backend, status, detail } = connection;
  const flagged = backend === 'membrane' && Object.hasOwn(FLAGS, detail ?? '') ? FLAGS[detail ?? ''] : undefined;
  if (flagged && readStatus(flagged) === status) return flagged;
  const word = backend === 'membrane' ? /^[A-Z][A-Z_]*(?=:|$)/.exec(detail ?? '')?.[0] : undefined;
  const isFitting = word !== undefined && [status, 'unknown'].includes(readStatus({ state: word }));
  const state = isFitting ? { state: word } : {};
  const reason = word === undefined ? detail : detail?.slice(word.length).replace(/^:\s*/, '');
  const shown = status === 'pending' && isFitting && word !== 'CLIENT_ACTION_REQUIRED' ? { connected: false } : writeStatus(status);
  return { ...shown, ...state, ...action({ ...shown, ...state }, connection, reason), ...failure(status, reason) };
}

function action({ state }: JsonObject, { connectUrl }: Connection, reason: string | undefined): JsonObject {
  if (state !== 'CLIENT_ACTION_REQUIRED') return {};
  const type = reason?.includes('provide-input') ? 'provide-input' : 'connect';
  const description = reason || 'Connect the account';
  return { clientAction: { type, description, ...(connectUrl === undefined ? {} : { uiUrl: connectUrl }) } };
}

function failure(status: Connection['status'], reason: string | undefined): JsonObject {
  if (status !== 'failed') return {};
  const error = errorBody('configuration', undefined, reason || 'The connection could not be set up');
  return isObject(error) ? { errors: [error], error } : {};
}
