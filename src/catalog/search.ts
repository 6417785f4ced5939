import MiniSearch from 'minisearch';
import type { App } from '../contract/app.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { lineOf, type OperationLine } from './describe.ts';
import { meaningsOf, rephrased, split, termsOf } from './terms.ts';

/** The operations that fit the words best, best first. */
export async function searchOperations(app: App, query: string): Promise<readonly OperationLine[]> {
  const catalogue = await indexed(app);
  const asked = readQuestion(query, catalogue.verbs);
  const exact = query.trim().toLowerCase().replace(`${app.id}.`, '');
  return catalogue.index
    .search(query, {
      boost: { id: 3, summary: 2 },
      prefix: (term) => term.length > 3,
      // A word that has a meaning of its own is no misspelling of another: a customer is not "custom".
      fuzzy: (term) => (term.length > 4 && !catalogue.words.has(term) && meaningsOf(term).length === 1 ? 0.2 : false),
    })
    .flatMap(({ id, score }) => {
      const known = catalogue.entries[Number(id)];
      return known
        ? [{ ...known, score: known.entry.id === exact ? Number.POSITIVE_INFINITY : Math.sqrt(score) * aptness(known, asked) }]
        : [];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ entry }) => lineOf(entry));
}

interface Known {
  readonly entry: Operation | Intent;
  /** The words of the name: what it is about, and what is done. */
  readonly noun: readonly string[];
  readonly verb: readonly string[];
}

interface Catalogue {
  readonly index: MiniSearch;
  readonly entries: readonly Known[];
  /** Of all names together. */
  readonly words: ReadonlySet<string>;
  readonly verbs: ReadonlySet<string>;
}

/** A question, taken apart. */
interface Asked {
  /** What it says and what that may be called, before the first preposition and after it: `notes` of a `lead`. */
  readonly head: ReadonlySet<string>;
  readonly tail: ReadonlySet<string>;
  readonly terms: ReadonlySet<string>;
  /** What is to be done: the first verb and what it may be called. */
  readonly verbs: readonly string[];
  readonly isPlural: boolean;
}

const CATALOGUES = new WeakMap<App, Promise<Catalogue>>();

function indexed(app: App): Promise<Catalogue> {
  const known = CATALOGUES.get(app) ?? readCatalogue(app);
  CATALOGUES.set(app, known);
  return known;
}

async function readCatalogue(app: App): Promise<Catalogue> {
  const entries = (await app.all()).map((entry): Known => {
    const [noun = '', ...verb] = entry.id.split('.');
    return { entry, noun: split(noun.replaceAll('_', ' ')), verb: split(verb.join(' ').replaceAll('_', ' ')) };
  });
  const index = new MiniSearch({
    fields: ['id', 'summary', 'fields'],
    idField: 'key',
    tokenize: (text, field) => [...(field === undefined ? termsOf(text) : split(text.replaceAll('_', ' ')))],
    processTerm: (term, field) => (field === undefined ? [...meaningsOf(term)] : term),
  });
  index.addAll(entries.map(({ entry }, key) => ({ key, id: entry.id, summary: entry.summary, fields: fieldsOf(entry).join(' ') })));
  const nouns = new Set(entries.flatMap(({ noun }) => noun));
  const said = entries.flatMap(({ verb }) => verb);
  // A noun that one operation uses as a verb, as in `export.lead`, stays a noun.
  const isNoun = (word: string): boolean =>
    entries.some(({ noun }) => noun.length === 1 && noun[0] === word) && said.filter((one) => one === word).length === 1;
  return { index, entries, words: new Set([...said, ...nouns]), verbs: new Set(said.filter((word) => !isNoun(word))) };
}

function readQuestion(query: string, verbs: ReadonlySet<string>): Asked {
  const text = rephrased(query);
  const [head = '', ...tail] = text.split(PREPOSITIONS);
  const terms = split(text);
  const verb = terms.find((term) => meaningsOf(term).some((one) => verbs.has(one)));
  return {
    head: new Set(split(head).flatMap(meaningsOf)),
    tail: new Set(split(tail.join(' ')).flatMap(meaningsOf)),
    terms: new Set(terms),
    verbs: verb === undefined ? [] : meaningsOf(verb).filter((one) => verbs.has(one)),
    isPlural: /\b[a-z]{3,}s\b/.test(head.replace(/\w+(?:ss|us|is)\b/g, '')),
  };
}

const PREPOSITIONS = /\b(?:of|at|to|for|with|in|into|on|from|by|about|under|matching)\b/;

/** How well an operation's name answers the question: what it is about, whole rather than in part, and what is done. */
function aptness({ entry, noun, verb }: Known, asked: Asked): number {
  return about(noun, asked) * done(entry, verb, asked) * ('core' in entry && !entry.core ? 0.9 : 1);
}

function about(noun: readonly string[], { head, tail, terms }: Asked): number {
  const weights = noun.map((word) => (head.has(word) ? 1 : tail.has(word) ? 0.6 : 0) * (terms.has(word) ? 1.1 : 1));
  const said = weights.filter((weight) => weight > 0).length;
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return said === 0 ? 0.3 : (sum / noun.length) * (said / noun.length) * (1 + 0.4 * (said - 1));
}

function done({ effect }: Operation | Intent, verb: readonly string[], { head, verbs, isPlural }: Asked): number {
  const isList = verb.includes('list');
  const rank = verbs.findIndex((one) => verb.includes(one));
  if (rank !== -1) return (2 - 0.15 * rank) * (isPlural === isList ? 1.1 : 1);
  // To make what destroys, such as a bulk job, is to do it.
  if (verbs.length > 0) return effect === 'destructive' && verb.includes('creat') ? 1.6 : 0.7;
  // Whoever says no verb wants to see something, and never to lose it.
  if (isList) return isPlural ? 1.8 : 1.3;
  if (verb.some((word) => head.has(word))) return 2;
  if (verb.includes('get')) return isPlural ? 1 : 1.2;
  return effect === 'destructive' || verb.includes('delete') ? 0.5 : 1;
}

function fieldsOf(entry: Operation | Intent): readonly string[] {
  return 'shape' in entry.input && typeof entry.input.shape === 'object' && entry.input.shape ? Object.keys(entry.input.shape) : [];
}
