import type { Terminal } from './terminal.ts';

/** Tells why messages of a client were refused. Their words hold what the client sent: no more than a line of it is shown. */
export function refusals(terminal: Terminal): (error: Error) => void {
  return ({ message }) => terminal.say(terminal.tint('dim', `mcp: ${message.replaceAll(/[^\P{C}]/gu, ' ').slice(0, LONGEST)}`));
}

const LONGEST = 200;
