import type { BackendId } from '../contract/backend.ts';
import type { Caller } from '../contract/door.ts';
import { stringAt } from '../contract/guards.ts';
import { isSame, signedClaims } from '../wire/proof.ts';
import { base62 } from './derived.ts';

/** What a program needs to speak to one backend of the sandbox. Invented, and worth nothing anywhere else. */
export interface Credentials {
  /** In the names that the backend's SDK uses. */
  readonly shown: Readonly<Record<string, string>>;
  /** undefined: the credential is wrong. */
  caller(credential: string): Caller | undefined;
}

/** The keys of one backend's project. `rest` has none: there, the app's own keys are the credentials. */
export function createCredentials(backend: BackendId, seed: string): Credentials {
  switch (backend) {
    case 'rest':
      return { shown: {}, caller: () => undefined };
    case 'composio':
      return projectKey({ apiKey: `ak_${base62(20, seed, backend, 'apiKey')}`, authConfig: 'ac_close' });
    case 'membrane':
      return workspace({ workspaceKey: base62(24, seed, 'workspaceKey'), workspaceSecret: base62(43, seed, 'workspaceSecret') });
    case 'scalekit':
      return client({ clientId: `skc_${base62(18, seed, 'clientId')}`, clientSecret: `test_${base62(43, seed, 'clientSecret')}` });
    default:
      return projectKey({ apiKey: `ak_${base62(20, seed, backend, 'apiKey')}` });
  }
}

/** A project key acts for every user (backends/composio.md §2.5). */
function projectKey(shown: { readonly apiKey: string; readonly authConfig?: string }): Credentials {
  return { shown: { ...shown }, caller: (credential) => (isSame(credential, shown.apiKey) ? {} : undefined) };
}

/** The credential is `<client id>:<client secret>`; the tokens made of it are the door's. */
function client(shown: { readonly clientId: string; readonly clientSecret: string }): Credentials {
  const whole = `${shown.clientId}:${shown.clientSecret}`;
  return { shown: { ...shown, connector: 'close' }, caller: (credential) => (isSame(credential, whole) ? {} : undefined) };
}

/**
 * The credential is a token signed with the workspace secret, of any of the three generations in backends/membrane.md §1.2.
 * Whether it has expired is for the door: the signer's clock is the machine's, not the world's.
 */
function workspace(shown: { readonly workspaceKey: string; readonly workspaceSecret: string }): Credentials {
  return {
    shown,
    caller: (token) => {
      const claims = signedClaims(token, shown.workspaceSecret);
      if (!claims || (stringAt(claims, 'workspaceKey') ?? stringAt(claims, 'iss')) !== shown.workspaceKey) return undefined;
      const user = stringAt(claims, 'tenantKey') ?? stringAt(claims, 'id');
      return user === undefined ? {} : { user };
    },
  };
}
