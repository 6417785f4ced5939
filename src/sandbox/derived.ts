import { createHash } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** At most 43 letters and digits that follow from what they name: the same sandbox has the same ids each time. */
export function base62(length: number, ...named: readonly (string | number)[]): string {
  const bytes = createHash('sha512').update(named.join('\n')).digest().subarray(0, length);
  return Array.from(bytes, (byte) => BASE62[byte % BASE62.length]).join('');
}

/** At most 64 hexadecimal digits, likewise. */
export function hex(length: number, ...named: readonly (string | number)[]): string {
  return createHash('sha256').update(named.join('\n')).digest('hex').slice(0, length);
}
