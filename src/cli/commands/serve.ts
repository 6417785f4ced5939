import { openSession } from '../../app.ts';
import { openDoors, type Serving } from '../../hosting.ts';
import type { Context } from '../context.ts';
import { numberFlag, textFlag, type Values } from '../flags.ts';
import { earsOf } from '../mcp-talk.ts';
import { doorsOf } from '../ready.ts';
import { untilStopped } from '../stop.ts';
import type { Terminal } from '../terminal.ts';

const DEFAULT_PORT = 4760;

/** `serve`: every backend's wire protocol in front of the router, until it is told to stop. */
export async function serve(context: Context, _: readonly string[], values: Values): Promise<void> {
  const port = numberFlag(values, 'port', { most: 65_535 }) ?? DEFAULT_PORT;
  const [host, url] = [textFlag(values, 'host'), textFlag(values, 'url')];
  await using session = await openSession(context);
  await session.journal.open();
  const where = { port, ...(host === undefined ? {} : { host }), ...(url === undefined ? {} : { url }) };
  await using serving = await openDoors(session, where, earsOf(context.terminal));
  const stopped = untilStopped();
  if (context.terminal.json) context.terminal.result({ ready: true, ...serving.ready });
  else show(context.terminal, serving);
  await stopped;
}

function show(terminal: Terminal, { ready, url }: Serving): void {
  for (const [backend, settings] of doorsOf(ready)) {
    terminal.print(terminal.paint('bold', backend));
    for (const [name, value] of Object.entries(settings)) terminal.print(`  ${name}  ${value}`);
  }
  terminal.say(`Serving on ${url}; each call goes through whichever connection is ACTIVE. Ctrl-C stops.`);
}
