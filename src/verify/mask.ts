import { isObject } from '../contract/guards.ts';

/** What must not count when two backends did the same to two objects. */
export interface Masking {
  /** Ids that this backend's own calls made → the name by which the script knows them. */
  readonly made: ReadonlyMap<string, string>;
  /** Texts that mean the same for everybody: ids that were there before, and whatever was sent. */
  readonly shared: ReadonlySet<string>;
}

const ID = /\b([a-z]{2,12})_[A-Za-z0-9-]{8,}/g;
/** Keys and addresses that the app makes up for each object. */
const TOKEN = /[A-Za-z0-9+=-]{20,}/g;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*$/;

/** A result with ids by their role and instants as such, so that results of equal calls are equal. */
export function masked(value: unknown, masking: Masking): unknown {
  if (typeof value === 'string') return maskedText(value, masking);
  if (Array.isArray(value)) return value.map((item) => masked(item, masking));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, masking)]));
}

function maskedText(text: string, { made, shared }: Masking): string {
  if (shared.has(text)) return text;
  if (INSTANT.test(text)) return '(instant)';
  const named = text.replaceAll(ID, (id, prefix: string) => {
    const name = made.get(id);
    if (name !== undefined) return `(${name})`;
    return shared.has(id) ? id : `(${prefix}_)`;
  });
  return named.replaceAll(TOKEN, (token) => (shared.has(token) || !/\d/.test(token) ? token : '(token)'));
}

/** Every text in a value, and every id in a text. */
export function textsIn(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    into.add(value);
    for (const [id] of value.matchAll(ID)) into.add(id);
  } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) textsIn(item, into);
}
