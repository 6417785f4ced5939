import { fileURLToPath } from 'node:url';
import type { SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import { loadSkills } from '@modelcontextprotocol/server/ext/skills/node';
import { packageFolder } from '../contract/package.ts';

/** How long a client may keep a skill: it comes with the package, and changes with its version only. */
const CACHE = { ttlMs: 3_600_000, cacheScope: 'public' } as const;

/** The skills that come with the package, for every server that is made. */
export function packagedSkills(): Promise<SkillsExtension> {
  return loadSkills(fileURLToPath(new URL('skills', packageFolder())), { strict: true, cacheHint: CACHE });
}
