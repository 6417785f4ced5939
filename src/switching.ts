/** Puts together what operators' commands need, from a router that is open. */
import { identityOf } from './config/config.ts';
import { RouterError } from './contract/errors.ts';
import type { Core } from './core.ts';
import { createSwitching, type Switching } from './migrate/switching.ts';

export interface SwitchingOptions {
  readonly app: string;
  /** Who operates, for others to read. */
  readonly operator: string;
}

/** Throws `invalid_input` for an app that the router does not have. */
export function openSwitching(
  { apps, behind, journal, config }: Pick<Core, 'apps' | 'behind' | 'journal' | 'config'>,
  { app: name, operator }: SwitchingOptions,
): Switching {
  const app = apps.find(({ id }) => id === name);
  const { switchboard } = journal;
  if (!app) throw new RouterError('invalid_input', { what: 'that app is not known', next: 'Correct --app; nothing was changed.' });
  if (!switchboard) throw new Error('a journal of ours without a switchboard');
  return createSwitching({
    app,
    policy: config.policy,
    adapters: behind.adapters,
    bindings: behind.bindings,
    standing: behind.standing,
    identity: (user, backend) => identityOf(config, user, backend),
    users: [...new Set([config.defaultUser, ...Object.keys(config.users)])],
    journal,
    board: switchboard,
    now: () => new Date(),
    operator,
  });
}
