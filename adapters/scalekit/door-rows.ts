import type { Connection } from '../../src/contract/connection.ts';
import type { Desk } from './door-desk.ts';
import { fromStatus, numberOf, toStatus } from './status.ts';

/** A connected account as lists show it; read alone it has no more here, because the door holds no credential. */
export interface AccountRow {
  readonly id: string;
  readonly identifier: string;
  readonly provider: string;
  readonly connector: string;
  readonly connectionId: string;
  readonly status: number;
  readonly authorizationType: number;
  readonly updatedAt: { readonly seconds: bigint; readonly nanos: number };
}

const OAUTH = 1;

/** guess: when an account was updated; that a Close account is of type OAuth stands on its page. */
export function toRow(desk: Desk, connection: Connection): AccountRow {
  return {
    id: connection.id,
    identifier: connection.user,
    provider: providerOf(desk),
    connector: desk.connector,
    connectionId: connectionIdOf(desk),
    status: numberFor(connection),
    authorizationType: OAUTH,
    updatedAt: toTimestamp(new Date(connection.createdAt ?? connection.checkedAt)),
  };
}

export function toTimestamp(at: Date): { readonly seconds: bigint; readonly nanos: number } {
  return { seconds: BigInt(Math.floor(at.getTime() / 1000)), nanos: 0 };
}

/** Connector types are in capitals. */
export function providerOf({ app }: Desk): string {
  return app.id.toUpperCase();
}

/** guess: what comes after the prefix. */
export function connectionIdOf({ connector }: Desk): string {
  return `conn_${Buffer.from(connector).toString('hex').slice(0, 24)}`;
}

/** A state that this very protocol gave is shown as it was given, also one that nobody knows, unless the status is known better. */
function numberFor({ backend, status, detail }: Connection): number {
  const number = backend === 'scalekit' && detail !== undefined ? numberOf(detail) : undefined;
  return number !== undefined && [status, 'unknown'].includes(fromStatus(number)) ? number : toStatus(status);
}
