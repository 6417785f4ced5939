import { RouterError } from '../../contract/errors.ts';

/** Splits `name=value`. Throws `invalid_input`. */
export function readPair(flag: string, written: string): readonly [name: string, value: string] {
  const equals = written.indexOf('=');
  if (equals < 1) throw wrong(`--${flag} is written name=value`);
  return [written.slice(0, equals), written.slice(equals + 1)];
}

/**
 * Fills `{name}` and `:name` in a path, encoded; a value can be one segment and nothing else. A path without slash begins at the
 * API's base too. Throws `invalid_input` for a name without value, and for a value without place.
 */
export function fillTemplate(path: string, values: readonly (readonly [name: string, value: string])[]): string {
  const given = new Map(values);
  const used = new Set<string>();
  const filled = path.replaceAll(/\{(\w+)\}|(?<=\/):(\w+)/g, (_, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? '';
    used.add(name);
    return segment(name, given.get(name));
  });
  const unused = [...given.keys()].find((name) => !used.has(name));
  if (unused !== undefined) throw wrong(`the path has no place {${plainly(unused)}} for --pathParam`);
  return /^(?:\/|[a-z][a-z\d+.-]*:)/i.test(filled) ? filled : `/${filled}`;
}

/** `.`, `..`, slashes and half-decoded escapes would lead elsewhere. */
function segment(name: string, value: string | undefined): string {
  if (value === undefined) throw wrong(`the path has {${plainly(name)}}, and no --pathParam gives it`);
  if (value === '' || /^\.{1,2}$|[/\\%\p{Cc}]/u.test(value) || !value.isWellFormed())
    throw wrong(`--pathParam ${plainly(name)} must be one segment of a path, without slashes, dots alone, % or control characters`);
  return encodeURIComponent(value);
}

function plainly(text: string): string {
  return text.replaceAll(/\W/g, '?').slice(0, 40);
}

function wrong(what: string): RouterError {
  return new RouterError('invalid_input', { what, next: 'Correct the flag; nothing was sent.' });
}
