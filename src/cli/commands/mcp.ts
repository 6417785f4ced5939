import { Console } from 'node:console';
import { openSession, type Session } from '../../app.ts';
import { openMcpHttp, readMcpAddress, serveMcpStdio } from '../../hosting.ts';
import type { Context } from '../context.ts';
import { isSet, textFlag, textsFlag, type Values } from '../flags.ts';
import { earsOf } from '../mcp-talk.ts';
import { untilStopped } from '../stop.ts';
import type { Terminal } from '../terminal.ts';
import { rube } from './mcp-rube.ts';

/** `mcp`: serves until the client hangs up, or until it is told to stop. */
export async function mcp(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const http = values['http'];
  // Stdout belongs to the protocol: whatever a library prints goes elsewhere.
  globalThis.console = new Console(process.stderr);
  if (values['as'] === 'rube') return rube(context, values);
  await using session = await openSession(context);
  await session.journal.open();
  const options = { ...wishesOf(values), ...earsOf(terminal), stopped: untilStopped() };
  if (http !== undefined) await serveHttp(session, terminal, { ...options, http: http === true ? '' : String(http), values });
  else await serveStdio(session, terminal, options);
}

async function serveStdio(session: Session, terminal: Terminal, options: Parameters<typeof serveMcpStdio>[1]): Promise<void> {
  if (process.stdin.isTTY) terminal.say('Speaking MCP at stdin and stdout; an MCP client starts this command. Ctrl-C stops.');
  await serveMcpStdio(session, options);
}

type Serving = Parameters<typeof serveMcpStdio>[1] & { readonly http: string; readonly values: Values };

async function serveHttp(session: Session, terminal: Terminal, { http, values, stopped, ...options }: Serving): Promise<void> {
  const [url, allowedHosts] = [textFlag(values, 'url'), textsFlag(values, 'allowedHosts')];
  await using serving = await openMcpHttp(session, {
    ...options,
    address: await readMcpAddress(http),
    open: isSet(values, 'open'),
    ...(url === undefined ? {} : { url }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
  });
  const ready = { url: serving.url, user: session.user, ...(serving.key === undefined ? {} : { key: serving.key }) };
  if (terminal.json) terminal.result({ ready: true, ...ready });
  else {
    for (const [name, value] of Object.entries(ready)) terminal.print(`${terminal.paint('bold', name)}  ${value}`);
    terminal.say(
      `Serving MCP on ${serving.url}${serving.key === undefined ? '' : '; send the key as "Authorization: Bearer …"'}. Ctrl-C stops.`,
    );
  }
  await stopped;
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
