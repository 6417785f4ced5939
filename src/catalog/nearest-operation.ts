import leven from 'leven';
import { likeness } from './likeness.ts';

/**
 * The operations that were probably meant by a name that none has, best first: words count more than letters, in any order and
 * spelling, so that `CLOSE_ADD_DEAL`, `deals.new` and `createOpportunity` all lead to `close.opportunity.create`.
 */
export function nearestOperations(written: string, names: readonly string[], most = 3): readonly string[] {
  return names
    .map((name) => ({ name, likeness: likenessOf(written, name), distance: leven(written.slice(0, 80), name) }))
    .filter((one) => one.likeness >= LEAST)
    .toSorted((a, b) => b.likeness - a.likeness || harm(a.name) - harm(b.name) || a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** The app's own name says nothing about what is to be done there. */
function likenessOf(written: string, name: string): number {
  const [app = '', ...id] = name.split('.');
  return likeness(written.replace(new RegExp(`^${app}[._-]`, 'i'), ''), id.join('.'));
}

/** Less in common than this is no likeness. */
const LEAST = 0.4;

/** Where only the noun was understood, nobody is led to a delete. */
function harm(name: string): number {
  return /\.(?:delete|merge)$/.test(name) ? 1 : 0;
}
