import { type AuthInfo, bearerAuthChallengeResponse, OAuthError, verifyBearerToken } from '@modelcontextprotocol/server';
import type { Scope } from '../../contract/scope.ts';
import type { Caller } from '../tool.ts';
import { Allowance } from './allowance.ts';
import { refused } from './refusals.ts';
import { authInfoOf, byKey, bySignature, eitherOf, type HeldKey, type OauthTerms, type Verify } from './tokens.ts';

export interface AdmissionParts {
  readonly keys: readonly HeldKey[];
  readonly oauth?: OauthTerms;
  /** What a token's caller may do. */
  readonly scope: Scope;
  /** Whoever reaches the port is this caller, unasked. */
  readonly open?: Caller;
  /** Where RFC 9728's document is. */
  readonly metadataUrl: () => string;
  readonly now: () => Date;
  readonly elapsed: () => number;
}

/** Tokens that may be wrong in a minute, of everybody together: each costs a signature's check. */
const WRONG_PER_MINUTE = 120;

export type Admit = (request: Request) => Promise<AuthInfo | Response>;

/** Finds out who calls, by the bearer token and by nothing else. */
export function admissionOf(parts: AdmissionParts): Admit {
  const { open, keys, oauth, scope, now, elapsed, metadataUrl } = parts;
  if (open) return async () => authInfoOf({ name: `user ${open.user}`, expiresAt: FAR }, open);
  const wrong = new Allowance({ perMinute: WRONG_PER_MINUTE }, elapsed);
  const verify = verifierOf(keys.length > 0 ? byKey(keys, now) : undefined, oauth);
  const verifier = {
    verifyAccessToken: async (token: string) => {
      const admitted = await (await verify())(token);
      return authInfoOf(admitted, admitted.caller ?? { user: admitted.user, scope });
    },
  };
  return async (request) => {
    try {
      return await verifyBearerToken(request.headers.get('authorization'), { verifier });
    } catch (error) {
      if (!(error instanceof OAuthError)) return refused(503, 'the token could not be checked now; try again', { 'retry-after': '5' });
      const wait = wrong.take('everybody');
      if (wait !== undefined) return refused(429, 'too many wrong tokens', { 'retry-after': `${wait}` });
      const metadata = oauth ? { requiredScopes: [...oauth.scopes], resourceMetadataUrl: metadataUrl() } : {};
      return bearerAuthChallengeResponse(error, metadata);
    }
  };
}

/** Never: the caller is whoever started the server. */
const FAR = Number.MAX_SAFE_INTEGER;

function verifierOf(keys: Verify | undefined, oauth: OauthTerms | undefined): () => Promise<Verify> {
  let made: Promise<Verify> | undefined;
  return () => {
    made ??= (oauth ? bySignature(oauth) : Promise.resolve(undefined)).then((signed) => eitherOf(keys, signed));
    return made;
  };
}
