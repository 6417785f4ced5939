/** Every skill below some paths, converted and written: what `skill convert` does. */
import { examine } from '../check/check.ts';
import type { Vocabulary } from '../check/vocabulary.ts';
import { type Diagnostic, diagnosed } from '../diagnostics.ts';
import { loadSkills } from '../read/load.ts';
import { writeSkill } from '../write.ts';
import { convert } from './convert.ts';

export interface ConvertedSkill {
  readonly source: string;
  readonly name: string;
  /** Absent: nothing was written for it. */
  readonly folder?: string;
  readonly operations: readonly string[];
  /** What could not be taken over, and what the text tried. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Conversion {
  readonly skills: readonly ConvertedSkill[];
  /** About what is no skill. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws `invalid_input` for a path that does not exist, `configuration` when something else stands where a skill is to be written. */
export async function convertAll(
  words: Vocabulary,
  paths: readonly string[],
  { out, force }: { readonly out: string; readonly force: boolean },
): Promise<Conversion> {
  const skills: ConvertedSkill[] = [];
  const diagnostics: Diagnostic[] = [];
  const taken = new Map<string, string>();
  for (const loaded of loadSkills(paths)) {
    if ('diagnostics' in loaded) {
      diagnostics.push(...loaded.diagnostics);
      continue;
    }
    const { skill } = loaded;
    const made = await convert(words, skill, await examine(words, skill, []));
    const orders = skill.diagnostics.filter(({ code }) => code === 'instruction_override');
    const twin = taken.get(made.name);
    const writes = made.text !== undefined && twin === undefined;
    const clash = made.text === undefined || twin === undefined ? [] : collision(skill.file, made.name, twin);
    const folder = writes ? writeSkill({ out, name: made.name, force, files: new Map([['SKILL.md', made.text]]) }) : undefined;
    if (writes) taken.set(made.name, skill.file);
    skills.push({
      source: skill.file,
      name: made.name,
      ...(folder === undefined ? {} : { folder }),
      operations: made.operations,
      diagnostics: [...clash, ...orders, ...made.diagnostics].toSorted((a, b) => a.line - b.line),
    });
  }
  return { skills, diagnostics };
}

function collision(file: string, name: string, twin: string): readonly Diagnostic[] {
  const what = `${twin} was already written as ${name}`;
  return diagnosed(file, [{ line: 1, code: 'colliding_slugs', what, fix: 'Rename one of them, or convert it into another folder.' }]);
}
