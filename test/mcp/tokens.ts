import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { JsonObject } from '../../src/contract/guards.ts';
import { serve } from '../../src/server/host.ts';

/** An authorisation server, as far as a resource server needs one: its published keys, and tokens signed with them. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  readonly jwksUri: string;
  /** How often its keys were asked for. */
  asked(): number;
  /** Valid unless told otherwise; a claim that is undefined is left out. */
  token(claims?: JsonObject, options?: { readonly by?: 'stranger' | 'secret' | 'nobody'; readonly kid?: string }): Promise<string>;
}

export const AUDIENCE = 'https://router.example/mcp';

export async function startIssuer(): Promise<Issuer> {
  const [own, stranger] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  let asked = 0;
  const keys = async (): Promise<Response> => {
    asked += 1;
    return Response.json({ keys: [jwk] });
  };
  const host = await serve({ mounts: [{ prefix: '/jwks.json', fetch: keys }] });
  const now = Math.floor(Date.now() / 1000);
  return {
    url: host.url,
    jwksUri: `${host.url}/jwks.json`,
    asked: () => asked,
    token: async (claims = {}, { by, kid = 'one' } = {}) => {
      const all = { iss: host.url, aud: AUDIENCE, sub: 'ada', iat: now, exp: now + 600, ...claims };
      const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      if (by === 'nobody') return new UnsecuredJWT(payload).encode();
      // The public key as an HMAC secret: what a verifier that believes the header's `alg` would accept.
      if (by === 'secret') return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(JSON.stringify(jwk)));
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid }).sign(by === 'stranger' ? stranger.privateKey : own.privateKey);
    },
    [Symbol.asyncDispose]: () => host.close(),
  };
}
