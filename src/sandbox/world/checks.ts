import type { FieldProblem } from '../../contract/errors.ts';
import { isObject } from '../../contract/guards.ts';
import { instantMs, isDay, mongoTime } from './clock.ts';
import type { Check, Field, Fields, Scope } from './kind.ts';
import { toE164 } from './phone.ts';
import type { Shelf } from './store.ts';
import { isRichText } from './text.ts';

/** What fields accept. guess: the texts; Close's are known only for the limits and "This field is required." */
export const REQUIRED = 'This field is required.';

const problem = (path: string, text: string): readonly FieldProblem[] => [{ path, problem: text }];
const fine: readonly FieldProblem[] = [];

/** A check that passes or fails as a whole. */
function rule(holds: (value: unknown) => boolean, text: string): Check {
  return (_, value, path) => (holds(value) ? fine : problem(path, text));
}

export const anything: Field = { check: () => fine };
export const flag: Field = { check: rule((value) => typeof value === 'boolean', 'Not a valid boolean.') };
export const anObject: Field = { check: rule(isObject, 'Not a valid object.') };

export function text(max = 100_000): Field {
  return { check: rule((value) => typeof value === 'string' && value.length <= max, `Not a text of at most ${max} characters.`) };
}

export function whole(min: number, max: number): Field {
  return {
    check: rule(
      (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
      `Not a whole number from ${min} to ${max}.`,
    ),
  };
}

export function oneOf(values: readonly string[]): Field {
  return { check: rule((value) => values.includes(String(value)), `Not one of ${values.join(', ')}.`) };
}

export const httpsUrl: Field = {
  check: rule((value) => typeof value === 'string' && /^https:\/\/[^\s]+$/.test(value), 'Only https URLs are allowed.'),
};
export const webUrl: Field = {
  check: rule((value) => typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value), 'Not a valid URL.'),
};
export const rich: Field = {
  check: rule((value) => typeof value === 'string' && isRichText(value), 'Rich text must have a single <body> root.'),
};
export const instant: Field = {
  check: rule((value) => instantMs(value) !== undefined, 'Not a valid date and time.'),
  clean: (value) => mongoTime(instantMs(value) ?? 0),
};
/** Stored as precise as it was given. */
export const dayOrInstant: Field = {
  check: rule((value) => isDay(value) || instantMs(value) !== undefined, 'Not a valid date.'),
  clean: (value) => (isDay(value) ? value : mongoTime(instantMs(value) ?? 0)),
};
/** Read back as a plain day, whatever precision was given. */
export const asDay: Field = { check: dayOrInstant.check, clean: (value) => String(value).slice(0, 10) };

const EMAIL = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$/;
export const email: Field = { check: rule((value) => typeof value === 'string' && EMAIL.test(value), 'Invalid email address.') };
/** `address` or `"Name" <address>`. */
export const mailbox: Field = {
  check: rule(
    (value) => typeof value === 'string' && EMAIL.test(/<([^<>]*)>\s*$/.exec(value)?.[1] ?? value.trim()),
    'Invalid email address.',
  ),
};
export const phone: Field = {
  check: rule((value) => typeof value === 'string' && toE164(value) !== undefined, 'Invalid phone number.'),
  clean: (value) => toE164(String(value)) ?? value,
};

/** The id of an object of this organization. */
export function ref(shelf: Shelf): Field {
  return {
    check: (scope, value, path) =>
      typeof value === 'string' && isVisible(scope, shelf, value) ? fine : problem(path, 'Object does not exist.'),
  };
}

function isVisible(scope: Scope, shelf: Shelf, id: string): boolean {
  const row = scope.store.get(shelf, id);
  if (shelf === 'user') return scope.store.all('membership').some((m) => m['user_id'] === id && inOrganization(scope, m));
  return row !== undefined && inOrganization(scope, row);
}

export function inOrganization(scope: Scope, row: { readonly [key: string]: unknown }): boolean {
  return row['organization_id'] === scope.actor.organizationId;
}

export function listOf(item: Field, max = 1000): Field {
  return {
    check: (scope, value, path) => {
      if (!Array.isArray(value)) return problem(path, 'Not a valid list.');
      if (value.length > max) return problem(path, `At most ${max} items are allowed.`);
      return value.flatMap((one, at) => item.check(scope, one, `${path}.${at}`));
    },
    clean: (value, scope) => (Array.isArray(value) ? value.map((one) => (item.clean ? item.clean(one, scope) : one)) : value),
  };
}

/** An object of known fields; others are kept as they came. */
export function shape(fields: Fields, required: readonly string[] = []): Field {
  return {
    check: (scope, value, path) => {
      if (!isObject(value)) return problem(path, 'Not a valid object.');
      return [
        ...required
          .filter((name) => value[name] === undefined || value[name] === null)
          .flatMap((name) => problem(`${path}.${name}`, REQUIRED)),
        ...Object.entries(fields).flatMap(([name, field]) => checkField(scope, field, value[name], `${path}.${name}`)),
      ];
    },
    clean: (value, scope) => (isObject(value) ? { ...value, ...cleaned(scope, fields, value) } : value),
  };
}

export function solid(field: Field): Field {
  return { ...field, solid: true };
}

export function checkField(scope: Scope, field: Field, value: unknown, path: string): readonly FieldProblem[] {
  if (value === undefined) return fine;
  if (value === null) return field.solid ? problem(path, 'This field may not be null.') : fine;
  return field.check(scope, value, path);
}

/** The known fields that were given, as they are stored. */
export function cleaned(scope: Scope, fields: Fields, body: { readonly [key: string]: unknown }): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = body[name];
    if (value !== undefined) kept[name] = value === null || !field.clean ? value : field.clean(value, scope);
  }
  return kept;
}
