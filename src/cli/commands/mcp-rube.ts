import { openSession } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import { serveRubeStdio } from '../../hosting.ts';
import type { Context } from '../context.ts';
import type { Values } from '../flags.ts';
import { earsOf } from '../mcp-talk.ts';
import { untilStopped } from '../stop.ts';

/** `mcp --as rube`: the meta tools of Rube at stdin and stdout. Over HTTP, `serve` has them. */
export async function rube(context: Context, values: Values): Promise<void> {
  refuseOthers(values);
  const { terminal } = context;
  await using session = await openSession(context);
  await session.journal.open();
  if (process.stdin.isTTY) terminal.say('Speaking MCP as Rube does, at stdin and stdout; an MCP client starts this command. Ctrl-C stops.');
  await serveRubeStdio(session, { stopped: untilStopped(), onRefusal: earsOf(terminal).onRefusal });
}

/** What may be run is for the configuration's policy to say; flags that nobody heeds would be worse than none. */
function refuseOthers(values: Values): void {
  const other = OTHERS.find((name) => values[name] !== undefined && values[name] !== false);
  if (other === undefined) return;
  throw new RouterError('invalid_input', {
    what: `--${other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go with --as rube`,
    next:
      other === 'http'
        ? 'Use "skillrouter serve", which has the Rube door at /rube/mcp.'
        : 'Leave it out, and say in the configuration under policy what may be run.',
  });
}

const OTHERS = ['http', 'allowedHosts', 'url', 'open', 'expose', 'operations', 'readOnly', 'allow', 'deny', 'approve'];
