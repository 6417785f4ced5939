import { type AuthInfo, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import { isSame } from '../../wire/proof.ts';
import type { Caller } from '../tool.ts';

/** One secret by which a client is known. */
export interface HeldKey {
  readonly name: string;
  readonly key: string;
  readonly caller: Caller;
}

/** What an access token has to be, for the server to take it. */
export interface OauthTerms {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  readonly userClaim: string;
  readonly scopes: readonly string[];
}

/** Whom a token stands for. Rejects with OAuthError when it is refused, with anything else when that could not be found out. */
export type Verify = (token: string) => Promise<Admitted>;

export interface Admitted {
  /** Under which requests are counted. */
  readonly name: string;
  readonly user: string;
  /** Of a key: what its caller may do. A token's caller may do what everybody may. */
  readonly caller?: Caller;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** By our own keys. All of them are looked at, each in constant time. */
export function byKey(keys: readonly HeldKey[], now: () => Date): Verify {
  return async (token) => {
    const [found] = keys.filter(({ key }) => isSame(token, key));
    if (!found) throw refusal();
    return { name: `key ${found.name}`, user: found.caller.user, caller: found.caller, expiresAt: inAnHour(now()) };
  };
}

/** A key has no end of its own; the SDK wants one of every token. */
function inAnHour(now: Date): number {
  return Math.floor(now.getTime() / 1000) + 3600;
}

/** By the signature of the issuer, which has made the token for us (`aud`), for a while (`exp`). */
export async function bySignature({ issuer, audience, jwksUri, userClaim, scopes }: OauthTerms): Promise<Verify> {
  const { createRemoteJWKSet, jwtVerify, errors } = await import('jose');
  const keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 5000 });
  const options = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', userClaim], clockTolerance: 5 };
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      const unasked = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || error.code === errors.JOSEError.code;
      throw unasked ? error : refusal();
    });
    const user = payload[userClaim];
    if (typeof user !== 'string' || !NAME.test(user) || payload.exp === undefined) throw refusal();
    const granted = scopesIn(payload);
    if (!scopes.every((one) => granted.includes(one))) throw new OAuthError(OAuthErrorCode.InsufficientScope, 'The token lacks a scope');
    return { name: `user ${user}`, user, expiresAt: payload.exp };
  };
}

/** None that a public key would be a secret for, and not `none`. Source: RFC 8725 §3.1, §3.2 */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** A user's name goes into paths and headers of backends. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}._@+:|~=-]{0,199}$/u;

/** As RFC 9068 has it, and as others do. */
function scopesIn({ scope, scp }: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof scope === 'string') return scope.split(' ').filter(Boolean);
  return Array.isArray(scp) ? scp.filter((one) => typeof one === 'string') : [];
}

/** Why a token is refused is not told to whoever tries them. */
function refusal(): OAuthError {
  return new OAuthError(OAuthErrorCode.InvalidToken, 'The token is missing, wrong, expired, or not meant for this server');
}

/** A signed token has three parts and dots between; our own keys are matched first. */
export function eitherOf(first: Verify | undefined, second: Verify | undefined): Verify {
  return async (token) => {
    const verify = second && token.split('.').length === 3 ? second : (first ?? second);
    if (!verify) throw refusal();
    return verify(token);
  };
}

/** What the SDK hands on to a server. The token itself stays here: nothing behind this line has any use for it. */
export function authInfoOf({ name, expiresAt }: Pick<Admitted, 'name' | 'expiresAt'>, caller: Caller): AuthInfo {
  return { token: '', clientId: name, scopes: [], expiresAt, extra: { caller } };
}
