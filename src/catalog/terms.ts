/** Text as the search compares it: without small words, plurals and endings. */
import { PHRASES, SYNONYMS, singular } from './words.ts';

/** Words that say nothing about what is looked for. */
const SMALL: ReadonlySet<string> = new Set(
  (
    'a an the to of for in on at with by as my our your their his her its one some any no is are was were be been it this that these those how do does did ' +
    'i we you they them he she us what when where can could would should will want need please from into about per up out off and or if so has have had ' +
    'let just now more than there here same'
  ).split(' '),
);

/** A question in the catalogue's turns of phrase. */
export function rephrased(text: string): string {
  return PHRASES.reduce((rest, [pattern, meant]) => rest.replace(pattern, meant), text.toLowerCase());
}

/** The words of a question that carry meaning, in order, in the form in which they are compared. */
export function termsOf(text: string): readonly string[] {
  return split(rephrased(text));
}

/** The same for the catalogue's own texts, whose words mean what they say. */
export function split(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll(/\be-mail/g, 'email')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !SMALL.has(word))
    .map((word) => stem(word));
}

/** A word without its ending: `enrolled`, `enrolling` and `enrols` are `enrol`. Not a word of English any more, but the same for all of them. */
export function stem(word: string): string {
  const one = singular(word);
  if (one.length < 5) return one;
  const bare = one.replace(/(?:ing|ed|ment)$/, '');
  return (bare.length < 3 ? one : bare).replace(/([^aeiouls])\1$/, '$1').replace(/e$/, '');
}

const MEANINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(SYNONYMS).map(([word, meant]) => [stem(word), meant.map(stem)]),
);

/** What a term says, and everything that the catalogue may call it. */
export function meaningsOf(term: string): readonly string[] {
  return [term, ...(MEANINGS.get(term) ?? [])];
}
