import { loadConfig } from '../../app.ts';
import type { Context } from '../context.ts';
import { textFlag, type Values } from '../flags.ts';
import { guarded } from './guard.ts';

/** `login`, `login complete`, `status`: there is nobody to log in with, the configuration holds what is needed. */
export const status = guarded(async (context, _args, values) => {
  const { terminal } = context;
  const found = await settingsOf(context, values);
  const backends = found.backends.join(', ');
  const message = `No login is needed: calls go for the user ${found.user} over ${backends}, as ${found.from} says.`;
  const next = 'Next: "connection ensure close.com" or "connection list".';
  if (terminal.json) return terminal.result({ authenticated: true, ...found, message, next });
  terminal.print(message);
  terminal.say(next);
});

/** `logout`: needs no configuration, because nothing was kept. */
export const logout = guarded(async ({ terminal }) => {
  const message = 'There is nothing to log out of: no login is kept, the configuration holds what is needed.';
  if (terminal.json) return terminal.result({ loggedOut: true, message });
  terminal.print(message);
});

async function settingsOf(
  context: Context,
  values: Values,
): Promise<{ readonly user: string; readonly backends: readonly string[]; readonly from: string }> {
  const named = context.user ?? textFlag(values, 'tenantKey');
  if (context.sandbox) {
    const { availableBackends } = await import('../../operations.ts');
    return { user: named ?? 'ada', backends: availableBackends(), from: 'the sandbox' };
  }
  const { file = 'the configuration', backends, defaultUser } = await loadConfig(context);
  return { user: named ?? defaultUser, backends: Object.keys(backends), from: file };
}
