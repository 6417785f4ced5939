/** Puts together what skills are held against: the catalogue, the bindings of every backend, and what backends publish. */
import { BACKENDS } from '../adapters/index.ts';
import type { App } from './contract/app.ts';
import type { BackendId } from './contract/backend.ts';
import { RouterError } from './contract/errors.ts';
import type { SkillsReport } from './skills/check/report.ts';
import type { Vocabulary } from './skills/check/vocabulary.ts';
import type { BuildWish, BuiltSkill } from './skills/compose.ts';
import type { Conversion } from './skills/convert/all.ts';

export type { SkillsReport } from './skills/check/report.ts';
export type { Conversion } from './skills/convert/all.ts';

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
  /** Reads every skill below the paths and holds it against the backends, or against one. Throws `invalid_input` for what does not exist. */
  check(paths: readonly string[], via?: string): Promise<SkillsReport>;
  sarif(report: SkillsReport): Promise<object>;
  /** Writes every skill below the paths that is about the app, without the words of any backend. Throws `invalid_input`, `configuration`. */
  convert(paths: readonly string[], options: { readonly out: string; readonly force: boolean }): Promise<Conversion>;
  /** Writes the skill of the app, after every example in it was run in the sandbox. Throws `invalid_input`, `configuration`. */
  build(wish: BuildWish): Promise<BuiltSkill>;
}

/** Loads nothing yet: the Markdown parser comes with the first skill that is read, the sandbox with the first that is built. */
export function openBench({ app, backends, version, folder }: SkillOptions): SkillBench {
  return {
    backends,
    check: async (paths, via) => {
      const looked = via === undefined ? backends : [knownBackend(via)];
      const [{ reportOn }, words] = await Promise.all([import('./skills/check/report.ts'), vocabulary(app)]);
      return reportOn(paths, words, looked);
    },
    sarif: async (report) => (await import('./skills/check/sarif.ts')).toSarif(report, { version, folder }),
    convert: async (paths, options) => {
      const [{ convertAll }, words] = await Promise.all([import('./skills/convert/all.ts'), vocabulary(app)]);
      return convertAll(words, paths, options);
    },
    build: async (wish) => {
      const [{ buildSkill }, { openRehearsal }] = await Promise.all([import('./skills/compose.ts'), import('./sandbox/rehearsal.ts')]);
      const rehearsal = await openRehearsal(app);
      return buildSkill(app, wish, (entry) => rehearsal.run(entry));
    },
  };
}

async function vocabulary(app: App): Promise<Vocabulary> {
  const { vocabularyOf } = await import('./skills/check/vocabulary.ts');
  const parts = Object.entries(BACKENDS).map(async ([id, backend]) => [id, await backend.bindings(), await backend.tools()] as const);
  const found = await Promise.all(parts);
  const bindings = found.flatMap(([, own]) => own);
  return vocabularyOf(app, bindings, Object.fromEntries(found.map(([id, , tools]) => [id, tools])));
}

/** `composio`, or a connection of it. */
function knownBackend(via: string): string {
  const [name] = via.split(':', 1);
  const found = Object.keys(BACKENDS).find((one) => one === name);
  if (found !== undefined) return found;
  const next = `--via takes ${Object.keys(BACKENDS).join(', ')}; nothing was read.`;
  throw new RouterError('invalid_input', { what: 'that backend is not known', next });
}
