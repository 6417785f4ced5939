import { RouterError } from '../contract/errors.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const DEFAULT: Address = { host: '127.0.0.1', port: 4770 };

/** `host:port`, either of them alone, or neither. Throws `invalid_input`. */
export function readAddress(written: string): Address {
  const [, host = '', port = ''] = /^(\[[\da-f:.]+\]|[\w.-]*?[a-z_.-][\w.-]*|)(?::?(\d{1,5}))?$/i.exec(written) ?? [undefined, '?'];
  if (host === '?' || Number(port) > 65_535) {
    throw new RouterError('invalid_input', {
      what: '--http takes an address, as in 127.0.0.1:4770, a port, or nothing',
      next: 'Correct the flag; nothing was started.',
    });
  }
  return { host: host.replaceAll(/[[\]]/g, '') || DEFAULT.host, port: port === '' ? DEFAULT.port : Number(port) };
}

/** The origin that somebody gave. Throws `invalid_input`. */
export function readOrigin(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url && /^https?:$/.test(url.protocol) && /^\/?$/.test(url.pathname + url.search + url.hash)) return url.origin;
  throw new RouterError('invalid_input', {
    what: '--url takes an origin, as in https://router.example',
    next: 'Correct the flag: no path, no query; nothing was started.',
  });
}

export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d+){3}|localhost|::1)$/i.test(host);
}

/** The names of this machine to itself. */
export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export function isLoopbackName(name: string): boolean {
  return LOOPBACK.includes(name);
}

/** The names by which a port is called: on this machine its own, elsewhere those that somebody has allowed. */
export function namesOf({ host }: Pick<Address, 'host'>, url: string | undefined, allowed: readonly string[]): readonly string[] {
  const own = isLoopback(host) ? LOOPBACK : [];
  return [...new Set([...own, ...(url === undefined ? [] : [new URL(url).hostname]), ...allowed])];
}
