import { openSkills } from '../../app.ts';
import { isStrings } from '../../contract/guards.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { counted } from '../table.ts';

const HOSTS = ['agents', 'claude', 'codex'] as const;

/** `skill build`: the skill of the app, for an agent. */
export async function skillBuild(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const maxTokens = numberFlag(values, 'maxTokens', { least: 1, whole: true });
  const out = textFlag(values, 'out');
  const { operations } = values;
  const bench = await openSkills(context);
  const built = await bench.build({
    host: HOSTS.find((one) => one === textFlag(values, 'for')) ?? 'agents',
    operations: isStrings(operations) ? operations : [],
    force: isSet(values, 'force'),
    ...(out === undefined ? {} : { out }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  });
  if (terminal.json) return terminal.result({ ok: true, ...built });
  terminal.print(built.folder);
  const size = `${counted(built.files.length, 'file')}, SKILL.md at most ${built.tokens} tokens`;
  terminal.say(terminal.tint('dim', `${counted(built.operations, 'operation')}, all their examples run in the sandbox; ${size}.`));
}
