import { RouterError } from '../contract/errors.ts';

/** Where a journal is kept: a file, or a PostgreSQL server. */
export type Address =
  | { readonly kind: 'file'; readonly path: string; readonly name: string }
  | { readonly kind: 'server'; readonly url: string; readonly name: string };

/** Reads a `store`. `name` may be shown to anybody. Throws `configuration`. */
export function addressOf(store: string): Address {
  if (!/^postgres(?:ql)?:/i.test(store)) return { kind: 'file', path: store, name: store };
  if (!URL.canParse(store)) {
    throw new RouterError('configuration', {
      what: 'the address of the store cannot be read',
      next: 'Write it as postgres://user:password@host:5432/database, with special characters of the password in %XX.',
    });
  }
  const { host, pathname } = new URL(store);
  return { kind: 'server', url: store, name: `postgres://${host}${pathname}` };
}
