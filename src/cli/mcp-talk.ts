import { unforeseen } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** What an MCP server has to tell whoever runs it: bugs, and why messages of a client were refused. */
export function earsOf(terminal: Terminal) {
  return {
    onFault: (error: unknown): void => terminal.say(`mcp: ${unforeseen(error).message}`),
    // The words hold what the client sent: no more than a line of it is shown.
    onRefusal: ({ message }: Error): void =>
      terminal.say(terminal.tint('dim', `mcp: ${message.replaceAll(/\p{C}/gu, ' ').slice(0, LONGEST)}`)),
  };
}

const LONGEST = 200;
