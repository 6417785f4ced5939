import { Console } from 'node:console';
import { openSession, serveMcpStdio } from '../../app.ts';
import type { Context } from '../context.ts';
import { unforeseen } from '../failure.ts';
import { isSet, textFlag, textsFlag, type Values } from '../flags.ts';
import { untilStopped } from '../stop.ts';

/** `mcp`: serves until the client hangs up, or until it is told to stop. */
export async function mcp(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  // Stdout belongs to the protocol: whatever a library prints goes elsewhere.
  globalThis.console = new Console(process.stderr);
  await using session = await openSession(context);
  await session.journal.open();
  if (process.stdin.isTTY) terminal.say('Speaking MCP at stdin and stdout; an MCP client starts this command. Ctrl-C stops.');
  await serveMcpStdio(session, {
    ...wishesOf(values),
    stopped: untilStopped(),
    onFault: (error) => terminal.say(`mcp: ${unforeseen(error).message}`),
  });
}

function wishesOf(values: Values) {
  const lists = ['operations', 'allow', 'deny', 'approve'].flatMap((name) => {
    const given = textsFlag(values, name);
    return given ? [[name, given] as const] : [];
  });
  const expose = EXPOSURES.find((one) => one === textFlag(values, 'expose'));
  return { ...Object.fromEntries(lists), ...(expose ? { expose } : {}), ...(isSet(values, 'readOnly') ? { readOnly: true } : {}) };
}

const EXPOSURES = ['meta', 'direct', 'mixed'] as const;
