import type { BackendId } from '../contract/backend.ts';
import type { Caller } from '../contract/door.ts';
import { stringAt } from '../contract/guards.ts';
import { isSame, signedClaims } from '../wire/proof.ts';

/** What opens the doors: one secret, and for whom it speaks. */
export interface DoorKey {
  readonly key: string;
  /** `*`: whoever the request names, as with a backend's project key. */
  readonly user: string;
}

/** Beside the secret, two of the protocols have a public name of the caller. The secret alone decides; any name will do. */
export const PUBLIC_NAME = 'skillrouter';

type Reading = (credential: string, held: DoorKey) => Caller | undefined;

/** Who speaks through a door of this backend. Every key is looked at, in constant time each. */
export function authenticator(backend: BackendId, keys: readonly DoorKey[]): (credential: string) => Caller | undefined {
  const read = READINGS[backend] ?? plain;
  return (credential) => keys.map((held) => read(credential, held)).find((caller) => caller !== undefined);
}

/** What a client of this backend has to be given so that it is let in. `key` is left out where the user knows it. */
export function settingsFor(backend: BackendId, key?: string): Readonly<Record<string, string>> {
  const secret = (name: string): Readonly<Record<string, string>> => (key === undefined ? {} : { [name]: key });
  switch (backend) {
    case 'membrane':
      return { workspaceKey: PUBLIC_NAME, ...secret('workspaceSecret') };
    case 'scalekit':
      return { clientId: PUBLIC_NAME, ...secret('clientSecret'), connector: 'close' };
    default:
      return secret('apiKey');
  }
}

const plain: Reading = (credential, { key, user }) => (isSame(credential, key) ? callerOf(user) : undefined);

/** `<client id>:<client secret>`; the tokens made of it are the door's. */
const client: Reading = (credential, held) => plain(credential.slice(credential.indexOf(':') + 1), held);

/** A token signed with the key; whether it has expired is for the door. A key of one user signs for nobody else. */
const signed: Reading = (credential, { key, user }) => {
  const claims = signedClaims(credential, key);
  if (!claims) return undefined;
  const named = stringAt(claims, 'tenantKey') ?? stringAt(claims, 'id');
  if (user === '*') return named === undefined ? {} : { user: named };
  return named === undefined || named === user ? { user } : undefined;
};

const READINGS: Readonly<Record<string, Reading>> = { membrane: signed, scalekit: client };

function callerOf(user: string): Caller {
  return user === '*' ? {} : { user };
}
