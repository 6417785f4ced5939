import { randomBytes } from 'node:crypto';
import type { Caller, DoorHost } from '../../src/contract/door.ts';

export interface DoorTokens {
  /** `POST /oauth/token`: client credentials for a bearer token. */
  grant(request: Request): Promise<Response>;
  /** undefined: no such token, or it has ended. */
  caller(header: string | null): Caller | undefined;
}

/** guess: how long a token lasts; the SDK ignores `expires_in`. */
const LIFETIME_SECONDS = 3600;
/** Tokens that have ended are forgotten when there are this many. */
const MOST_TOKENS = 10_000;

/** The only state of the door: tokens exist in this protocol and nowhere else. They end by the world's clock. */
export function createDoorTokens({ authenticate, now }: DoorHost): DoorTokens {
  const issued = new Map<string, { readonly caller: Caller; readonly until: number }>();

  const issue = (caller: Caller): string => {
    const at = now().getTime();
    if (issued.size >= MOST_TOKENS) for (const [token, { until }] of issued) if (until <= at) issued.delete(token);
    const token = randomBytes(32).toString('base64url');
    issued.set(token, { caller, until: at + LIFETIME_SECONDS * 1000 });
    return token;
  };

  return {
    grant: async (request) => {
      const form = new URLSearchParams(await request.text());
      if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type');
      const caller = authenticate(`${form.get('client_id') ?? ''}:${form.get('client_secret') ?? ''}`);
      if (!caller) return refuse(401, 'invalid_client');
      return Response.json(
        { access_token: issue(caller), token_type: 'Bearer', expires_in: LIFETIME_SECONDS },
        { headers: { 'cache-control': 'no-store' } },
      );
    },
    caller: (header) => {
      const found = issued.get(/^Bearer (\S+)$/i.exec(header ?? '')?.[1] ?? '');
      return found && found.until > now().getTime() ? found.caller : undefined;
    },
  };
}

/** As RFC 6749 §5.2 has it. */
function refuse(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } });
}
