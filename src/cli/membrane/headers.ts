import { RouterError } from '../../contract/errors.ts';

export type Headers = readonly (readonly [name: string, value: string])[];

/** Headers that Membrane does not forward either. Source: backends/membrane.md §4 */
const NOT_FORWARDED = /^(?:authorization|host|connection|content-length|cookie|user-agent|x-request-id|x-real-ip|x-scheme|x-forwarded-.*)$/;

/** Splits `Name: value`. Throws `invalid_input`. */
export function readHeader(written: string): readonly [name: string, value: string] {
  const colon = written.indexOf(':');
  if (colon < 1) throw wrong('a header is written "Name: value"');
  return [written.slice(0, colon).trim(), written.slice(colon + 1).trim()];
}

/**
 * A call travels over a tool, a proxy or a key, so no header of the caller's can go along as it is. Those that say what
 * happens anyway are taken, a key for idempotency is the router's own, all others are refused: nothing is dropped silently.
 */
export function checkHeaders(headers: Headers, say: (note: string) => void): { readonly idempotencyKey?: string } {
  let idempotencyKey: string | undefined;
  for (const [written, value] of headers) {
    const name = written.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || /\p{Cc}/u.test(value))
      throw wrong('a header has a line break or a character that none may have');
    if (name === 'idempotency-key') idempotencyKey = value;
    else if (name === 'accept' || name === 'content-type') checkJson(name, value);
    else if (NOT_FORWARDED.test(name)) say(`The header ${name} is not forwarded: the connection brings its own.`);
    else throw wrong(`the header ${name.slice(0, 60)} cannot go along`);
  }
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}

function checkJson(name: string, value: string): void {
  if (!/\bjson\b|\*\/\*/i.test(value)) throw wrong(`${name} must be application/json: the app speaks nothing else`);
}

function wrong(what: string): RouterError {
  return new RouterError('invalid_input', {
    what,
    next: 'Accept, Content-Type (both JSON) and Idempotency-Key are understood; leave the others out. Nothing was sent.',
  });
}
