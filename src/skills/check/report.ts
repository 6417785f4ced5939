/** A tree of skills against an app: what `skill check` answers. */
import type { BackendId } from '../../contract/backend.ts';
import type { Diagnostic, Level } from '../diagnostics.ts';
import { collisions } from '../read/collisions.ts';
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
  const checks: SkillCheck[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const loaded of loadSkills(paths)) {
    if ('skill' in loaded) checks.push(detached((await examine(words, loaded.skill, backends)).check));
    else diagnostics.push(...loaded.diagnostics);
  }
  const twins = collisions(checks);
  const skills = checks.map((check) => withTwin(check, twins.get(check.file)));
  const all = [...diagnostics, ...skills.flatMap((check) => check.diagnostics)];
  const count = (level: Level): number => all.filter((one) => one.level === level).length;
  const counts = { error: count('error'), warning: count('warning'), note: count('note') };
  return { app: words.app.id, backends, skills, diagnostics, counts };
}

function withTwin(check: SkillCheck, told: Diagnostic | undefined): SkillCheck {
  return told === undefined ? check : { ...check, diagnostics: [told, ...check.diagnostics] };
}

/** A copy: pieces of a text would keep the whole text in memory, and there may be thousands. */
function detached(check: SkillCheck): SkillCheck {
  return JSON.parse(JSON.stringify(check)) as SkillCheck; // plain data goes there and back unchanged
}
