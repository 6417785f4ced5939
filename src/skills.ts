/** Puts together what skills are held against: the catalogue, the bindings of every backend, and what backends publish. */
import { BACKENDS } from '../adapters/index.ts';
import type { App } from './contract/app.ts';
import type { BackendId } from './contract/backend.ts';
import { reportOn, type SkillsReport } from './skills/check/report.ts';
import { toSarif } from './skills/check/sarif.ts';
import { type Vocabulary, vocabularyOf } from './skills/check/vocabulary.ts';

export type { SkillsReport } from './skills/check/report.ts';

export interface SkillOptions {
  readonly app: App;
  /** The backends to look at. */
  readonly backends: readonly BackendId[];
  readonly version: string;
  /** The working folder. */
  readonly folder: string;
}

/** What the skill commands work with. */
export interface SkillBench {
  readonly backends: readonly BackendId[];
  /** Reads every skill below the paths and holds it against the backends. Throws `invalid_input` for a path that does not exist. */
  check(paths: readonly string[]): Promise<SkillsReport>;
  sarif(report: SkillsReport): object;
}

export function openBench({ app, backends, version, folder }: SkillOptions): SkillBench {
  return {
    backends,
    check: async (paths) => reportOn(paths, await vocabulary(app), backends),
    sarif: (report) => toSarif(report, { version, folder }),
  };
}

async function vocabulary(app: App): Promise<Vocabulary> {
  const parts = Object.entries(BACKENDS).map(async ([id, backend]) => [id, await backend.bindings(), await backend.tools()] as const);
  const found = await Promise.all(parts);
  const bindings = found.flatMap(([, own]) => own);
  return vocabularyOf(app, bindings, Object.fromEntries(found.map(([id, , tools]) => [id, tools])));
}
