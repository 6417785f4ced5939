import leven from 'leven';
import { SYNONYMS, singular } from './words.ts';

/** Lower-case words of a name in whatever spelling, without plurals: `createLead`, `LEAD_CREATE`, `close.leads.create`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 80)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .map(singular);
}

type Meanings = Readonly<Record<string, readonly string[]>>;

/** From 0 to 1: how much of both names, word by word and in any order, finds a counterpart in the other. */
export function likeness(written: string, offered: string, meanings: Meanings = SYNONYMS): number {
  const [asked, there] = [wordsOf(written), wordsOf(offered)];
  const matched = asked.map((word) => Math.max(0, ...there.map((other) => alike(word, other, meanings))));
  return (2 * matched.reduce((total, one) => total + one, 0)) / (asked.length + there.length);
}

/** The same word counts most, then one that means the same, then one mistyped. */
function alike(written: string, word: string, meanings: Meanings): number {
  if (written === word) return 1;
  if (Object.hasOwn(meanings, written) && meanings[written]?.includes(word)) return 0.9;
  return word.length > 3 && leven(written, word) <= (word.length > 7 ? 2 : 1) ? 0.8 : 0;
}
