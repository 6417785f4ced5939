import type { Context } from './context.ts';

/** A sandbox that a command starts for itself ends with it: whoever got a link or an id from it should know. */
export function noteEndOfSandbox({ terminal, sandbox }: Context, what: string): void {
  if (!sandbox) return;
  terminal.say(
    terminal.tint(
      'yellow',
      `${what}: a sandbox ends with the command that started it. "skillrouter sandbox" serves one that stays, and prints the addresses and keys to put into skillrouter.yaml.`,
    ),
  );
}
