/** A skill for an app out of the catalogue: which operations, for which host, and no example in it that was not run. */
import { type OperationPage, pageOf } from '../catalog/describe.ts';
import { nearest } from '../catalog/nearest.ts';
import { isMeant } from '../catalog/pattern.ts';
import type { App } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { Outcome } from '../contract/executor.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { closeSkill } from './close.ts';
import { codexSidecar } from './codex.ts';
import { tokensOf } from './tokens.ts';
import { writeSkill } from './write.ts';

/** Who is to load the skill, and where that host looks for it. */
export const HOSTS = { agents: '.agents/skills', claude: '.claude/skills', codex: '.agents/skills' } as const;

export type HostName = keyof typeof HOSTS;

export interface BuildWish {
  /** Default: where the host looks. */
  readonly out?: string;
  readonly host: HostName;
  /** Patterns such as `lead.*`; none: every operation. */
  readonly operations: readonly string[];
  readonly maxTokens?: number;
  readonly force: boolean;
}

export interface BuiltSkill {
  readonly folder: string;
  /** Paths inside it. */
  readonly files: readonly string[];
  readonly operations: number;
  /** How many examples were run, all of them with success. */
  readonly examples: number;
  /** Of SKILL.md, rather too many than too few. */
  readonly tokens: number;
}

/** Runs an example as it is written. */
export type Rehearse = (entry: Operation | Intent) => Promise<Outcome>;

/** Throws `invalid_input` for patterns and budgets, `configuration` for folders, and a plain error for an example that fails: that is a fault of ours. */
export async function buildSkill(app: App, wish: BuildWish, rehearse: Rehearse): Promise<BuiltSkill> {
  const entries = (await app.all()).filter(
    ({ id }) => wish.operations.length === 0 || wish.operations.some((pattern) => isMeant(pattern, { app: app.id, id })),
  );
  refuseStrays(app, wish.operations);
  const pages = entries.map(pageOf);
  const files = filesOf(app, pages, wish);
  await rehearseAll(entries, rehearse);
  const stale = [...new Set(app.ids.map((id) => `references/${id.slice(0, id.lastIndexOf('.'))}.md`)), 'agents/openai.yaml'];
  const folder = writeSkill({ out: wish.out ?? HOSTS[wish.host], name: app.id, files, force: wish.force, stale });
  const examples = pages.length;
  return { folder, files: [...files.keys()], operations: pages.length, examples, tokens: tokensOf(files.get('SKILL.md') ?? '') };
}

function filesOf(app: App, pages: readonly OperationPage[], { host, maxTokens }: BuildWish): ReadonlyMap<string, string> {
  const files = closeSkill(pages, maxTokens === undefined ? {} : { maxTokens });
  return host === 'codex' ? new Map([...files, ['agents/openai.yaml', codexSidecar(app.id, pages)]]) : files;
}

async function rehearseAll(entries: readonly (Operation | Intent)[], rehearse: Rehearse): Promise<void> {
  const failed: string[] = [];
  for (const entry of entries) {
    const outcome = await rehearse(entry);
    if (!outcome.ok) failed.push(`${entry.id} (${outcome.error.code})`);
  }
  if (failed.length === 0) return;
  throw new RouterError('rejected', {
    what: `the sandbox refuses the examples of ${failed.join(', ')}`,
    next: 'Correct them in the catalogue; nothing was written.',
  });
}

function refuseStrays(app: App, patterns: readonly string[]): void {
  const strays = patterns.filter((pattern) => !app.ids.some((id) => isMeant(pattern, { app: app.id, id })));
  const [first] = strays;
  if (first === undefined) return;
  const close = nearest(first.replaceAll('*', ''), app.ids);
  throw new RouterError('invalid_input', {
    what: `no operation fits ${strays.join(', ')}`,
    next: `${close.length > 0 ? `Did you mean ${close.join(', ')}? ` : ''}Patterns are names with *, such as lead.*; nothing was written.`,
    nearest: close,
  });
}
