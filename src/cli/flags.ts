import { RouterError } from '../contract/errors.ts';
import { isStrings } from '../contract/guards.ts';

/** Flags as commander hands them over. */
export type Values = Readonly<Record<string, unknown>>;

export function textFlag(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of a flag that may be repeated. undefined: it was not given. */
export function textsFlag(values: Values, name: string): readonly string[] | undefined {
  const value = values[name];
  return isStrings(value) ? value : undefined;
}

export function isSet(values: Values, name: string): boolean {
  return values[name] === true;
}

/** A number within bounds. Throws `invalid_input`. */
export function numberFlag(
  values: Values,
  name: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, whole = false } = {},
): number | undefined {
  const text = textFlag(values, name);
  if (text === undefined) return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RouterError('invalid_input', {
    what: `${spelled(name)} must be a ${whole ? 'whole ' : ''}number ${range}`,
    next: 'Correct the flag; nothing was sent.',
  });
}

/** A flag as it is typed. */
function spelled(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
