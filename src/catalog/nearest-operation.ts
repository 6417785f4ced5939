import leven from 'leven';
import { SYNONYMS, singular } from './words.ts';

/**
 * The operations that were probably meant by a name that none has, best first: words count more than letters, in any order and
 * spelling, so that `CLOSE_ADD_DEAL`, `deals.new` and `createOpportunity` all lead to `close.opportunity.create`.
 */
export function nearestOperations(written: string, names: readonly string[], most = 3): readonly string[] {
  const asked = wordsOf(written).map((word) => [word, ...(SYNONYMS[word] ?? [])]);
  return names
    .map((name) => ({ name, likeness: likeness(asked, wordsOf(name)), distance: leven(written.slice(0, 80), name) }))
    .filter(({ likeness }) => likeness >= LEAST)
    .toSorted((a, b) => b.likeness - a.likeness || harm(a.name) - harm(b.name) || a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** Where only the noun was understood, nobody is led to a delete. */
function harm(name: string): number {
  return /\.(?:delete|merge)$/.test(name) ? 1 : 0;
}

/** Less in common than this is no likeness. */
const LEAST = 0.3;

/** Lower-case words of a name in whatever spelling: `createLead`, `LEAD_CREATE`, `close.leads.create`. */
function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 80)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map(singular);
}

/** From 0 to 1: how much of both names finds a counterpart in the other. */
function likeness(asked: readonly (readonly string[])[], offered: readonly string[]): number {
  const matched = asked.map((forms) => Math.max(0, ...offered.map((word) => Math.max(...forms.map((form, at) => alike(form, word, at))))));
  const sum = matched.reduce((total, one) => total + one, 0);
  return (2 * sum) / (asked.length + offered.length);
}

/** The same word, or one mistyped; what only means the same counts almost as much. */
function alike(form: string, word: string, at: number): number {
  if (form === word) return at === 0 ? 1 : 0.9;
  const most = word.length > 7 ? 2 : 1;
  return at === 0 && word.length > 3 && leven(form, word) <= most ? 0.8 : 0;
}
