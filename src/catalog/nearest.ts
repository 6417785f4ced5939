import leven from 'leven';
import { likeness } from './likeness.ts';
import { FIELD_SYNONYMS, VALUES } from './words.ts';

/** The names closest to what was written, best first: by parts in common, then by edit distance. */
export function nearest(written: string, names: Iterable<string>, most = 3): readonly string[] {
  const wanted = parts(written);
  return [...names]
    .map((name) => ({ name, shared: parts(name).filter((part) => wanted.includes(part)).length, distance: leven(written, name) }))
    .filter(({ name, shared, distance }) => shared > 0 || distance <= Math.max(3, Math.ceil(name.length / 2)))
    .toSorted((a, b) => a.distance - b.distance || b.shared - a.shared || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** The field that was probably meant: one that is needed and missing before any other that is not there yet. */
export function nearestField(written: string, open: readonly string[], needed: readonly string[]): string | undefined {
  const byWords = (names: readonly string[]): string | undefined => {
    const alike = names.map((name) => ({ name, how: likeness(written, name, FIELD_SYNONYMS) })).filter(({ how }) => how >= HALF);
    return alike.toSorted((a, b) => b.how - a.how || leven(written, a.name) - leven(written, b.name))[0]?.name;
  };
  return byWords(needed) ?? byWords(open) ?? nearest(written, open, 1)[0];
}

const HALF = 0.5;

/** The allowed value that was probably meant: by its letters, or by what other products call it. */
export function nearestValue(written: string, allowed: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  const wanted = plain(written.slice(0, 80));
  const meant = [wanted, ...(Object.hasOwn(VALUES, wanted) ? (VALUES[wanted] ?? []) : [])];
  const exact = allowed.find((value) => meant.includes(plain(value)));
  if (exact !== undefined) return exact;
  const [best] = allowed.map((value) => ({ value, distance: leven(wanted, plain(value)) })).toSorted((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(1, Math.floor(best.value.length / 3)) ? best.value : undefined;
}

function parts(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/);
}
