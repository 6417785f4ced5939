import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';

/** Whether two secrets are equal, in a time that does not tell how much of them is. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The claims of a JWT (RFC 7519) whose signature holds. Whether it has expired is for the caller. */
export function signedClaims(token: string, secret: string): JsonObject | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  const hash = HASHES[stringAt(parsePart(header), 'alg') ?? ''];
  if (hash === undefined || more.length > 0) return undefined;
  const wanted = createHmac(hash, secret).update(`${header}.${payload}`).digest('base64url');
  return isSame(signature, wanted) ? parsePart(payload) : undefined;
}

const HASHES: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

function parsePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
