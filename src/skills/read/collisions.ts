import { dirname } from 'node:path';
import { type Diagnostic, diagnosed } from '../diagnostics.ts';
import type { Skill } from './skill.ts';

type Named = Pick<Skill, 'file' | 'slug' | 'name'>;

/** Skills of one identity, by file: hosts keep one of them, and do not say which. */
export function collisions(skills: readonly Named[]): ReadonlyMap<string, Diagnostic> {
  const bySlug = Map.groupBy(skills, ({ slug }) => slug);
  const byName = Map.groupBy(skills, ({ name, slug }) => name ?? slug);
  const found = skills.flatMap((skill): readonly (readonly [string, Diagnostic])[] => {
    const same = bySlug.get(skill.slug) ?? [];
    const twin = other(same, skill) ?? other(byName.get(skill.name ?? skill.slug) ?? [], skill);
    if (twin === undefined) return [];
    const name = same.includes(twin) ? skill.slug : skill.name;
    const what = `${dirname(skill.file)} and ${dirname(twin.file)} both come down to the name ${name}`;
    const told = diagnosed(skill.file, [{ line: 1, code: 'colliding_slugs', what, fix: 'Rename one of them and its folder.' }]);
    return told.map((one) => [skill.file, one]);
  });
  return new Map(found);
}

function other(same: readonly Named[], skill: Named): Named | undefined {
  return same.slice(0, 2).find((one) => one !== skill);
}
