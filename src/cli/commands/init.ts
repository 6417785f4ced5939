import { createInterface } from 'node:readline/promises';
import { writeConfig } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import { isStrings } from '../../contract/guards.ts';
import { availableBackends } from '../../operations.ts';
import type { Context } from '../context.ts';
import { isSet, textFlag, type Values } from '../flags.ts';

interface Wishes {
  readonly backends: readonly string[];
  readonly user: string;
  readonly authConfig: string | undefined;
}

/** Who asks for none gets the two that need one key each. */
const DEFAULT_BACKENDS: readonly string[] = ['composio', 'rest'];

/** `init`: writes a configuration that refers to secrets and holds none. Asks only a person who sits there. */
export async function init(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal, config } = context;
  const wishes = terminal.interactive && !isSet(values, 'yes') ? await ask(wishesOf(context, values)) : wishesOf(context, values);
  const unknown = wishes.backends.find((name) => !availableBackends().includes(name));
  if (unknown !== undefined) {
    throw new RouterError('invalid_input', { what: 'that backend is not known', next: `Take some of ${availableBackends().join(', ')}.` });
  }
  const written = await writeConfig({
    ...wishes,
    file: textFlag(values, 'file') ?? config ?? 'skillrouter.yaml',
    force: isSet(values, 'force'),
  });
  if (terminal.json) return terminal.result(written);
  terminal.print(written.file);
  const unset = written.variables.filter(({ set }) => !set).map(({ name }) => name);
  if (unset.length > 0) terminal.say(`Set ${unset.join(', ')} in the environment, then run "skillrouter doctor".`);
  else terminal.say('All variables it refers to are set. Next: "skillrouter doctor".');
}

function wishesOf({ user }: Context, values: Values): Wishes {
  const named = values['backend'];
  return {
    backends: isStrings(named) ? [...new Set(named)] : DEFAULT_BACKENDS,
    user: textFlag(values, 'as') ?? user ?? 'ada',
    authConfig: textFlag(values, 'authConfig'),
  };
}

async function ask(suggested: Wishes): Promise<Wishes> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const backends = await reader.question(`Backends, of ${availableBackends().join(', ')} [${suggested.backends.join(', ')}]: `);
    const user = await reader.question(`Your user name [${suggested.user}]: `);
    const chosen = backends.split(/[\s,]+/).filter(Boolean);
    return { ...suggested, backends: chosen.length > 0 ? chosen : suggested.backends, user: user.trim() || suggested.user };
  } finally {
    reader.close();
  }
}
