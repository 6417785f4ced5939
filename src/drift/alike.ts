/** Whether two names mean the same: what nobody says, and a renamed tool makes one guess. */
import { likeness, wordsOf } from '../catalog/likeness.ts';
import { FIELD_SYNONYMS } from '../catalog/words.ts';
import type { FieldShape, ToolShape } from './shape.ts';

/** A guess as sure as that goes into a proposal; others are told only. */
export const SURE = 0.75;
/** A guess that is less sure is not worth telling. */
const WORTH_TELLING = 0.5;
/** Only who made the change can be surer. */
const MOST = 0.99;
/** So sure may one be, at most, of two names that differ in a word that both have: lead and contact, gt and gte. */
const REPLACED = 0.6;

const NAME_WEIGHT = 0.6;

/** Words for the same doing. What reads is never taken for what writes, nor what creates for what deletes. */
const DOINGS: readonly (readonly string[])[] = [
  ['create', 'add', 'new', 'insert', 'make', 'log', 'post'],
  ['update', 'edit', 'change', 'modify', 'patch', 'set', 'put'],
  ['delete', 'remove', 'destroy', 'archive'],
  ['get', 'read', 'fetch', 'retrieve', 'show', 'view', 'find', 'who'],
  ['list', 'search', 'query', 'all'],
  ['merge'],
];

export interface Pair<One> {
  readonly one: One;
  readonly other: One;
  readonly confidence: number;
}

/** How sure it is that two tools are the same one under two names. `app` is a word that says nothing. */
export function alikeTools(one: ToolShape, other: ToolShape, app: string): number {
  if (doingOf(one.name) !== doingOf(other.name)) return 0;
  const names = alikeNames(plainName(one.name, app), plainName(other.name, app));
  const most = NAME_WEIGHT * names + (1 - NAME_WEIGHT);
  if (most < WORTH_TELLING) return 0;
  const fields = one.fields && other.fields ? alikeFields(one.fields, other.fields) : names;
  return Math.min(NAME_WEIGHT * names + (1 - NAME_WEIGHT) * fields, MOST, ceilingOf(one.name, other.name, app));
}

/** How much two names have in common, in either direction of the synonyms. */
export function alikeNames(one: string, other: string): number {
  return Math.max(likeness(one, other), likeness(other, one));
}

/** The doing that a name names first. */
export function doingOf(name: string): number {
  const found = wordsOf(name).map((word) => DOINGS.findIndex((same) => same.includes(word)));
  return found.find((at) => at >= 0) ?? -1;
}

/** How sure it is that two arguments are the same one under two names. */
export function alikeArguments([name, one]: readonly [string, FieldShape], [otherName, other]: readonly [string, FieldShape]): number {
  if (!isConvertible(one, other)) return 0;
  const names = Math.max(likeness(name, otherName, FIELD_SYNONYMS), likeness(otherName, name, FIELD_SYNONYMS));
  const same = one.types.join() === other.types.join() ? 0.2 : 0.1;
  const needed = one.required && other.required ? 0.1 : 0;
  return Math.min(1, 0.8 * names + same + needed, isReplaced(wordsOf(name), wordsOf(otherName), FIELD_SYNONYMS) ? REPLACED : 1);
}

/** A value of one can be sent as the other: as it is, or as a list of one. */
function isConvertible(one: FieldShape, other: FieldShape): boolean {
  return covers(other, one) || (other.types.includes('array') && !one.types.includes('array'));
}

/** Whatever fits one type fits the other. */
export function covers(now: Pick<FieldShape, 'types'>, before: Pick<FieldShape, 'types'>): boolean {
  if (now.types.length === 0 || before.types.length === 0) return true;
  return before.types.every((type) => now.types.includes(type) || (type === 'integer' && now.types.includes('number')));
}

/** The best pairs, each thing in one at most, surest first. Of two that are as good none is sure. */
export function pairsOf<One>(ones: readonly One[], others: readonly One[], alike: (one: One, other: One) => number): readonly Pair<One>[] {
  const all = ones
    .flatMap((one) => others.map((other) => ({ one, other, confidence: alike(one, other) })))
    .filter(({ confidence }) => confidence >= WORTH_TELLING)
    .toSorted((a, b) => b.confidence - a.confidence);
  const [done, pairs] = [new Set<One>(), [] as Pair<One>[]];
  for (const pair of all) {
    if (done.has(pair.one) || done.has(pair.other)) continue;
    const rivals = all.filter(
      (rival) => rival !== pair && rival.confidence >= pair.confidence - 0.02 && !done.has(rival.one) && !done.has(rival.other),
    );
    const isTied = rivals.some(({ one, other }) => (one === pair.one) !== (other === pair.other));
    pairs.push(isTied ? { ...pair, confidence: Math.min(pair.confidence, REPLACED) } : pair);
    done.add(pair.one).add(pair.other);
  }
  return pairs;
}

function plainName(name: string, app: string): string {
  const words = wordsOf(name).filter((word) => word !== app);
  return words.join(' ');
}

function ceilingOf(one: string, other: string, app: string): number {
  return isReplaced(wordsOf(plainName(one, app)), wordsOf(plainName(other, app))) ? REPLACED : 1;
}

/** Each has a word that the other has no counterpart for. Words for doings have been compared before. */
function isReplaced(one: readonly string[], other: readonly string[], meanings?: Parameters<typeof likeness>[2]): boolean {
  const lone = (words: readonly string[], among: readonly string[]): boolean =>
    words.some(
      (word) => !isDoing(word) && !among.some((there) => Math.max(likeness(word, there, meanings), likeness(there, word, meanings)) > 0),
    );
  return lone(one, other) && lone(other, one);
}

function isDoing(word: string): boolean {
  return DOINGS.some((same) => same.includes(word));
}

/** The share of arguments that have a counterpart. */
function alikeFields(one: Readonly<Record<string, FieldShape>>, other: Readonly<Record<string, FieldShape>>): number {
  const [ours, theirs] = [Object.entries(one), Object.entries(other)];
  if (ours.length + theirs.length === 0) return 1;
  const found = ours.map((field) => Math.max(0, ...theirs.map((there) => alikeArguments(field, there))));
  return (2 * found.reduce((total, each) => total + each, 0)) / (ours.length + theirs.length);
}
