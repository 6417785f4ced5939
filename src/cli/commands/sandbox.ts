import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { openSandbox } from '../../app.ts';
import { RouterError } from '../../contract/errors.ts';
import { isObject } from '../../contract/guards.ts';
import type { Context } from '../context.ts';
import { numberFlag, textFlag, type Values } from '../flags.ts';
import { doorsOf } from '../ready.ts';
import { playConnections, wishedConnections } from '../sandbox-connections.ts';
import { switchesOf } from '../sandbox-switches.ts';
import { untilStopped } from '../stop.ts';

const DEFAULT_PORT = 4750;

/** `sandbox`: serves until it is told to stop. */
export async function sandbox({ terminal, user }: Context, _: readonly string[], values: Values): Promise<void> {
  const port = numberFlag(values, 'port', { most: 65_535 }) ?? DEFAULT_PORT;
  const snapshot = textFlag(values, 'snapshot');
  const saved = snapshot === undefined ? undefined : resume(snapshot);
  const wished = wishedConnections(values);
  const data = textFlag(values, 'seed') === 'empty' ? 'empty' : 'demo';
  const running = await openSandbox({
    port,
    data,
    clock: 'real',
    ...switchesOf(values),
    ...(saved ? { snapshot: saved } : {}),
    ...(user === undefined ? {} : { user }),
  });
  await playConnections(running, wished);
  const stopped = untilStopped();
  if (terminal.json) terminal.result({ ready: true, ...running.ready });
  else {
    for (const [backend, settings] of doorsOf(running.ready)) {
      terminal.print(terminal.paint('bold', backend));
      for (const [name, value] of Object.entries(settings)) terminal.print(`  ${name}  ${value}`);
    }
    terminal.say(`Serving user ${running.ready.user} on ${running.url}. Ctrl-C stops.`);
  }
  await stopped;
  if (snapshot !== undefined) save(snapshot, JSON.stringify(running.world.snapshot(), null, 2));
  await running.close();
}

/** The state that was saved before, if any. Opened for writing too: that it cannot be written is better known before the work. */
function resume(file: string): object | undefined {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  reachable(file, () => closeSync(openSync(file, 'a')));
  if (text.trim() === '') return undefined;
  try {
    const state: unknown = JSON.parse(text);
    if (isObject(state) && isObject(state['store'])) return state;
  } catch {
    // falls through: no JSON is no snapshot either
  }
  throw new RouterError('configuration', {
    what: `${file} is not a snapshot of the sandbox`,
    next: 'Name another file; this one was left as it is.',
  });
}

function save(file: string, text: string): void {
  reachable(file, () => writeFileSync(file, text));
}

function reachable(file: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const details = { what: `the snapshot file ${file} cannot be written`, next: 'Choose another path.' };
    throw new RouterError('configuration', details, { cause });
  }
}
