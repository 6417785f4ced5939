import type { Cell } from '../contract/binding.ts';
import type { ErrorJson } from '../contract/errors.ts';
import { isObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Finding } from '../contract/verification.ts';
import { differences } from '../migrate/compare.ts';

/** An answer as far as it is compared. */
export type Heard = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: ErrorJson };

/** What differs in the answers of two backends to the same call. Two refusals with one code are equal. */
export function compare(
  reference: Heard,
  here: Heard,
  check: Finding['check'],
  cell: Cell | undefined,
  ordered = false,
): readonly Finding[] {
  if (!here.ok) return reference.ok || reference.error.code !== here.error.code ? [failure(here.error, check, reference.ok)] : [];
  if (!reference.ok) {
    const what = `the reference refused with ${reference.error.code}, and this one did not`;
    return [{ kind: 'different', check, what, code: reference.error.code }];
  }
  const lossy = cell?.transport === 'tool' ? (cell.losses ?? []) : [];
  return differences(reference.data, here.data, { ordered }).map(({ path, kind }): Finding => {
    const isNamed = kind === 'missing' && lossy.length > 0;
    return {
      kind: isNamed ? 'lossy' : 'different',
      check,
      path: path === '' ? '(all of it)' : publicPath(path),
      what: isNamed ? lossy.join('; ') : WORDS[kind],
      reference: shapeAt(reference.data, path),
      here: shapeAt(here.data, path),
    };
  });
}

/** A key that does not look like a name of the app's may be somebody's data. */
function publicPath(path: string): string {
  return path
    .split('.')
    .map((part) => (/^_?[a-z]+(?:_[a-z]+)*(?:_\d)?(?:\[\])*$|^\d{1,3}$/.test(part) ? part : '*'))
    .join('.');
}

const WORDS = {
  missing: 'the reference has it, this one does not',
  extra: 'this one has it, the reference does not',
  other: 'another value',
  order: 'another order',
} as const;

/** A refusal of the reference itself, which is held against nobody. An account that may not do it is no fault of a backend. */
export function refusalOf(heard: Heard, check: Finding['check']): readonly Finding[] {
  if (heard.ok) return [];
  const found = failure(heard.error, check, true);
  return [heard.error.code === 'permission_denied' ? { ...found, kind: 'skipped' } : found];
}

/** Codes by which a backend says that it has no way, rather than that something went wrong. */
const NO_WAY: ReadonlySet<string> = new Set(['unsupported_operation', 'unsupported_fields']);
const NOT_ASKED: ReadonlySet<string> = new Set(['policy_denied', 'approval_required']);

function failure({ code, message, details }: ErrorJson, check: Finding['check'], alone: boolean): Finding {
  const kind = NO_WAY.has(code) ? 'missing' : NOT_ASKED.has(code) ? 'skipped' : 'failed';
  const fields = Array.isArray(details['fields'])
    ? details['fields'].flatMap((one) => (isObject(one) ? [publicPath(String(one['path']))] : []))
    : [];
  // The app's own words about a field may name one that somebody made; `path` has those that are public.
  const told = code === 'rejected' ? 'the app refused the content' : firstSentence(message);
  const what = alone ? told : `${told} (the reference refused with another code)`;
  return { kind, check, what, code, ...(fields.length > 0 ? { path: fields.join(', ') } : {}) };
}

function firstSentence(message: string): string {
  return message.replace(/\. [A-Z][\s\S]*$/, '').replace(/\.$/, '');
}

/** A request that failed on one way before another one carried it: the router hides that from callers, and verify must not. */
export function detours({ receipt }: RunReport): readonly Finding[] {
  const attempts = receipt?.attempts ?? [];
  const last = attempts.at(-1);
  return attempts.slice(0, -1).flatMap((attempt): readonly Finding[] => {
    if (attempt.code === undefined || attempt.transport === last?.transport) return [];
    const status = attempt.status === undefined ? '' : ` with ${attempt.status}`;
    const what = `its ${attempt.transport} failed${status}, and its ${last?.transport} had to stand in`;
    return [{ kind: 'different', check: 'route', what, code: attempt.code }];
  });
}

/** The types that stand at a dotted path, as `string|null`. Never a value. */
export function shapeAt(value: unknown, path: string): string {
  const found = new Set<string>();
  collect(value, path === '' ? [] : path.replaceAll('[]', '.[]').replace(/^\./, '').split('.'), found);
  return [...found].toSorted().join('|') || 'nothing';
}

function collect(value: unknown, [key, ...rest]: readonly string[], found: Set<string>): void {
  if (key === undefined) found.add(typeOf(value));
  else if (key === '[]' && Array.isArray(value)) for (const item of value) collect(item, rest, found);
  else if (key === '*' && isObject(value)) for (const item of Object.values(value)) collect(item, rest, found);
  else if (isObject(value)) collect(value[key], rest, found);
}

export function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
