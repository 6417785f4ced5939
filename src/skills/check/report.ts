/** A tree of skills against an app: what `skill check` answers. */
import type { BackendId } from '../../contract/backend.ts';
import type { Diagnostic, Level } from '../diagnostics.ts';
import { loadSkills } from '../read/load.ts';
import { examine, type SkillCheck } from './check.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface SkillsReport {
  readonly app: string;
  /** Those that were looked at, in this order. */
  readonly backends: readonly BackendId[];
  readonly skills: readonly SkillCheck[];
  /** About files that are no skill. */
  readonly diagnostics: readonly Diagnostic[];
  readonly counts: Readonly<Record<Level, number>>;
}

/** Throws `invalid_input` for a path that does not exist; whatever is wrong inside is told. */
export async function reportOn(paths: readonly string[], words: Vocabulary, backends: readonly BackendId[]): Promise<SkillsReport> {
  const { skills, diagnostics } = loadSkills(paths);
  const checks: SkillCheck[] = [];
  // One after the other: a tree of thousands must not stand in memory as promises.
  for (const skill of skills) checks.push((await examine(words, skill, backends)).check);
  const all = [...diagnostics, ...checks.flatMap((check) => check.diagnostics)];
  const count = (level: Level): number => all.filter((one) => one.level === level).length;
  const counts = { error: count('error'), warning: count('warning'), note: count('note') };
  return { app: words.app.id, backends, skills: checks, diagnostics, counts };
}
