import type { JsonObject } from '../contract/guards.ts';

/** The names in `{}` of a path template. */
export function pathFields(template: string): readonly string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

/** The template with its names filled in and encoded. Only for values that `isSegment` allows. */
export function fillPath(template: string, input: JsonObject): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
}

/** Whether a value can be one segment of a path and nothing else: `.`, `..`, slashes and half-decoded escapes would lead elsewhere. */
export function isSegment(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') return false;
  return !/[/\\%\p{Cc}]/u.test(value) && value.isWellFormed();
}

/** The values of a template's names in an encoded path. undefined: the path is another one, or holds what no segment may hold. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given[at]) return undefined;
      continue;
    }
    const value = decode(given[at] ?? '');
    if (value === undefined || !isSegment(value)) return undefined;
    found[name] = value;
  }
  return found;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
