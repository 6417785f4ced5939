import leven from 'leven';

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

function parts(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/);
}
