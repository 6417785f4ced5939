import MiniSearch from 'minisearch';
import type { App } from '../contract/app.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { lineOf, type OperationLine } from './describe.ts';
import { SYNONYMS } from './words.ts';

/** Words that say nothing about what is looked for. */
const SMALL: ReadonlySet<string> = new Set([
  'a',
  'an',
  'the',
  'to',
  'of',
  'for',
  'in',
  'on',
  'at',
  'with',
  'my',
  'our',
  'one',
  'some',
  'is',
  'it',
  'how',
  'do',
  'i',
]);

/** The operations that fit the words best, best first. */
export async function searchOperations(app: App, query: string): Promise<readonly OperationLine[]> {
  const entries = await app.all();
  const index = new MiniSearch({ fields: ['id', 'summary', 'fields'], idField: 'key', tokenize: words });
  index.addAll(entries.map(documentOf));
  const found = index.search(query, {
    boost: { id: 4, summary: 2 },
    prefix: (term) => term.length > 2,
    // A word that has a meaning of its own is no misspelling of another: a customer is not "custom".
    fuzzy: (term) => (term.length > 4 && SYNONYMS[term] === undefined ? 0.2 : false),
    processTerm: (term) => (SMALL.has(term.toLowerCase()) ? null : [term.toLowerCase(), ...(SYNONYMS[term.toLowerCase()] ?? [])]),
    boostDocument: (key) => weightOf(entries[Number(key)], query),
  });
  return found.flatMap(({ id }) => {
    const entry = entries[Number(id)];
    return entry ? [lineOf(entry)] : [];
  });
}

function documentOf(entry: Operation | Intent, key: number): Readonly<Record<string, unknown>> {
  return { key, id: entry.id, summary: entry.summary, fields: fieldsOf(entry).join(' ') };
}

/** The name itself comes first, and what many people need before what few do. */
function weightOf(entry: Operation | Intent | undefined, query: string): number {
  if (!entry) return 1;
  if (
    entry.id ===
    query
      .trim()
      .toLowerCase()
      .replace(/^close\./, '')
  )
    return 10;
  return 'core' in entry && !entry.core ? 0.7 : 1;
}

function fieldsOf(entry: Operation | Intent): readonly string[] {
  return 'shape' in entry.input && typeof entry.input.shape === 'object' && entry.input.shape ? Object.keys(entry.input.shape) : [];
}

function words(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
