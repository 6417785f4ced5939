import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { examine, type SkillCheck } from '../../src/skills/check/check.ts';
import { type Vocabulary, vocabularyOf } from '../../src/skills/check/vocabulary.ts';
import { read } from './pages.ts';

const parts = await Promise.all(
  Object.entries(BACKENDS).map(async ([id, one]) => ({ id, bindings: await one.bindings(), tools: await one.tools() })),
);

/** The names by which Close's operations are called on every backend. */
export const WORDS: Vocabulary = await vocabularyOf(
  closeApp,
  parts.flatMap(({ bindings }) => bindings),
  Object.fromEntries(parts.map(({ id, tools }) => [id, tools])),
);

export const ALL: readonly string[] = Object.keys(BACKENDS);

export async function check(text: string, backends: readonly string[] = ALL): Promise<SkillCheck> {
  return (await examine(WORDS, read(text), backends)).check;
}
