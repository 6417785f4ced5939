import { type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { pause } from '../../src/contract/pause.ts';
import { type ArgumentNames, readArguments, sessionIn, textsAt } from './rube-arguments.ts';
import { connectionsOf, detailsOf, isActive, isServed, MOST_TOOLKITS } from './rube-connections.ts';
import { type Envelope, type RubeCall, type RubeDesk, RubeRefusal, sessionOf, success } from './rube-desk.ts';

const KNOWN: ArgumentNames = {
  names: ['toolkits', 'mode', 'session_id'],
  // How long, and how often, is not published, but clients say it.
  also: ['toolkit', 'session', 'timeout_seconds', 'timeout', 'poll_interval_ms'],
};

/** guess: how long it waits by itself. Clients of the protocol give a call 60 seconds unless they are told otherwise. */
const USUAL_SECONDS = 45;
const MOST_SECONDS = 300;

/** WAIT_FOR_CONNECTIONS: until the user has finished, or given up, on the pages behind the links. */
export async function waitForConnections(desk: RubeDesk, call: RubeCall, raw: unknown): Promise<Envelope> {
  const args = readArguments(raw, KNOWN);
  const toolkits = textsAt({ toolkits: args['toolkits'] ?? args['toolkit'] }, 'toolkits', MOST_TOOLKITS);
  const mode = readMode(args['mode']);
  const seconds = readSeconds(args['timeout_seconds'] ?? args['timeout']);
  // Real time, not the host's: in the sandbox that one stands still between calls.
  const started = performance.now();
  for (;;) {
    const states = await statesOf(desk, call, toolkits);
    const left = seconds * 1000 - (performance.now() - started);
    if (left <= 0 || isSettled(states, mode)) return answer(states, args, call);
    await pause(Math.min(desk.pollMs, left), call.signal);
    await call.progress(seconds - left / 1000, seconds, 'Waiting for the user');
  }
}

function answer(states: readonly State[], args: JsonObject, { prefix }: RubeCall): Envelope {
  const waiting = states.filter(({ status }) => status === 'INITIATED').map(({ toolkit }) => toolkit);
  const missing = states.filter(({ status }) => status === 'NOT_FOUND').map(({ toolkit }) => toolkit);
  const parts = [
    ...(waiting.length > 0 ? [`The user has not finished yet for ${waiting.join(', ')}: call again to go on waiting.`] : []),
    ...(missing.length > 0 ? [`Nothing to wait for with ${missing.join(', ')}: call ${prefix}MANAGE_CONNECTIONS first.`] : []),
  ];
  return success({
    message: parts.length > 0 ? parts.join(' ') : 'No connection is waiting for the user.',
    results: Object.fromEntries(states.map((state) => [state.toolkit, state])),
    ...sessionOf(sessionIn(args), prefix),
  });
}

type Word = 'ACTIVE' | 'INITIATED' | 'FAILED' | 'NOT_FOUND';
type State = JsonObject & { readonly toolkit: string; readonly status: Word };

/** An active connection counts, whatever else there is; else the newest. */
async function statesOf(desk: RubeDesk, call: RubeCall, toolkits: readonly string[]): Promise<readonly State[]> {
  const connections = toolkits.some((toolkit) => isServed(desk, toolkit)) ? await connectionsOf(desk, call) : [];
  return toolkits.map((toolkit) => {
    const found = isServed(desk, toolkit) ? (connections.findLast(isActive) ?? connections.at(-1)) : undefined;
    if (!found) return { toolkit, status: 'NOT_FOUND', has_active_connection: false };
    const status: Word = isActive(found) ? 'ACTIVE' : found.status === 'pending' ? 'INITIATED' : 'FAILED';
    return { toolkit, status, has_active_connection: status === 'ACTIVE', ...detailsOf(found) };
  });
}

function isSettled(states: readonly State[], mode: 'any' | 'all'): boolean {
  const isOver = ({ status }: State): boolean => status === 'ACTIVE' || status === 'FAILED';
  const isNobodyWaiting = states.every(({ status }) => status !== 'INITIATED');
  return isNobodyWaiting || (mode === 'any' && states.some(isOver));
}

function readMode(mode: unknown): 'any' | 'all' {
  const word = stringAt({ mode }, 'mode')?.toLowerCase() ?? (mode === undefined || mode === null ? 'any' : undefined);
  if (word === 'any' || word === 'all') return word;
  throw new RubeRefusal('mode must be "any" or "all".');
}

function readSeconds(seconds: unknown): number {
  if (seconds === undefined || seconds === null) return USUAL_SECONDS;
  const given = Number(seconds);
  if (Number.isFinite(given) && given >= 0) return Math.min(given, MOST_SECONDS);
  throw new RubeRefusal(`timeout_seconds must be a number from 0 to ${MOST_SECONDS}.`);
}
