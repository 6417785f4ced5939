/** What Membrane's CLI prints of a connection. Source: backends/membrane.md §2.2, §2.3 */
import type { Connection, ConnectionStatus, ConnectLink } from '../../contract/connection.ts';
import type { ConnectionRow } from '../../contract/connections-report.ts';
import { titleOf } from './app-name.ts';

type State = 'READY' | 'CLIENT_ACTION_REQUIRED' | 'SETUP_FAILED' | 'CONFIGURATION_ERROR';

export interface MembraneConnection {
  /** `backend:connection`; the app's id stands for whichever connection is ACTIVE. */
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly state: State;
  readonly connected: boolean;
  readonly disconnected: boolean;
  readonly clientAction?: ClientAction;
  readonly error?: { readonly message: string };
  readonly [key: string]: unknown;
}

interface ClientAction {
  readonly type: 'connect';
  readonly description: string;
  readonly uiUrl?: string;
  readonly agentInstructions: string;
}

/** Membrane's word for each status of ours. What is not active is never READY. */
const STATES: Readonly<Record<ConnectionStatus, { readonly state: State; readonly description: string }>> = {
  active: { state: 'READY', description: '' },
  pending: { state: 'CLIENT_ACTION_REQUIRED', description: 'The user has to finish the authorisation.' },
  expired: { state: 'CLIENT_ACTION_REQUIRED', description: 'The authorisation has expired: the user has to connect again.' },
  revoked: { state: 'CLIENT_ACTION_REQUIRED', description: 'The authorisation was taken back: the user has to connect again.' },
  failed: { state: 'SETUP_FAILED', description: 'The connection does not work.' },
  disabled: { state: 'CONFIGURATION_ERROR', description: 'The connection is disabled at its backend.' },
  unknown: { state: 'CONFIGURATION_ERROR', description: 'The backend gives a state that nobody knows.' },
};

export function connectionOf({ backend, connection, app, user, status, account, detail, ...row }: ConnectionRow): MembraneConnection {
  const id = `${backend}:${connection}`;
  const { state, description } = STATES[status];
  const failed = state === 'SETUP_FAILED' || state === 'CONFIGURATION_ERROR';
  return {
    id,
    key: app,
    name: account ?? titleOf(app),
    state,
    connected: status === 'active',
    disconnected: status !== 'active',
    ...(state === 'CLIENT_ACTION_REQUIRED' ? { clientAction: actionOf(id, description, row.connect_url) } : {}),
    ...(failed ? { error: { message: detail === undefined ? description : `${description} (${detail})` } } : {}),
    ...(status === 'disabled' ? { isDeactivated: true } : {}),
    userId: user,
    integration: integrationOf(app),
    backend,
    status,
    updatedAt: row.checked_at,
  };
}

/** The app's own id in place of a connection: each call goes through whichever is ACTIVE then. */
export function anyOf(app: string, ready: readonly ConnectionRow[]): MembraneConnection | undefined {
  const [first] = ready;
  return first && { ...connectionOf(first), id: app, connections: ready.map(({ backend, connection }) => `${backend}:${connection}`) };
}

/** A connection that was just started. Where the backend does not say its id yet, the app's stands for it. */
export function startedOf(row: ConnectionRow, { connection, how }: ConnectLink): MembraneConnection {
  const id = connection === undefined ? row.app : `${row.backend}:${connection}`;
  return { ...connectionOf(row), id, clientAction: actionOf(id, how, row.connect_url) };
}

export function rowOf({ backend, id, app, user, status, account, checkedAt, detail }: Connection): ConnectionRow {
  const label = account?.label ?? null;
  return { backend, connection: id, app, user, status, account: label, checked_at: checkedAt, ...(detail === undefined ? {} : { detail }) };
}

export function integrationOf(app: string): object {
  return { id: app, key: app, name: titleOf(app) };
}

function actionOf(id: string, description: string, uiUrl: string | undefined): ClientAction {
  const again = `run "connect --connectionId ${id}" for a link`;
  const agentInstructions = `${uiUrl === undefined ? `First ${again}.` : 'Let the user open uiUrl.'} Then run "connection get ${id} --wait".`;
  return { type: 'connect', description, agentInstructions, ...(uiUrl === undefined ? {} : { uiUrl }) };
}
