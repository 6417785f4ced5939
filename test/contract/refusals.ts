import type { JsonObject } from '../../src/contract/guards.ts';
import type { Heard } from './clients.ts';
import { ask } from './pair.ts';
import { operationOf } from './reference.ts';
import type { Pair } from './rig.ts';

export type TroubleName =
  | 'not found'
  | 'refused content'
  | 'bad input'
  | 'missing field'
  | 'no permission'
  | 'rate limit'
  | 'app broken'
  | 'credential refused'
  | 'connection expired';

/** Something that goes wrong behind the router, and the operation that meets it. */
export interface Trouble {
  readonly name: TroubleName;
  readonly operation: string;
  readonly input: JsonObject;
  /** Brings it about. */
  readonly cause?: (pair: Pair) => void;
  /** The router itself refuses: Close is never asked. */
  readonly early?: boolean;
  /** The connection is no good afterwards. */
  readonly final?: boolean;
  /** What the program has to be told in some form. */
  readonly tells?: string;
}

const lead = { name: 'Never made' };

/** For ever, and no wait that would fit a deadline. */
const fails = (error: number | 'rate_limited') => (pair: Pair) =>
  pair.stage.current.fail({ when: 'before', error, times: 99, retryAfterMs: 3_600_000 });
const expires = (pair: Pair): void => {
  pair.sandbox.change(pair.adapter, pair.connection, { status: 'expired' });
};
const revokes = (pair: Pair): void => pair.stage.current.revoke(pair.stage.current.keys()[0]?.key ?? '');

/** What does not come of the input: each by an operation that has a tool on some backends, and by one that has none on any. */
export const TROUBLES: readonly Trouble[] = [
  { name: 'refused content', operation: 'lead.create', input: { ...lead, status_id: 'stat_NobodyHasThisOne' }, tells: 'status_id' },
  { name: 'no permission', operation: 'lead.create', input: lead, cause: fails(403) },
  { name: 'no permission', operation: 'role.list', input: {}, cause: fails(403) },
  { name: 'app broken', operation: 'me.get', input: {}, cause: fails(500) },
  { name: 'app broken', operation: 'role.list', input: {}, cause: fails(500) },
  // Last of those on one router: it does as it is told, and asks no more.
  { name: 'rate limit', operation: 'lead.create', input: lead, cause: fails('rate_limited') },
  { name: 'rate limit', operation: 'role.list', input: {}, cause: fails('rate_limited') },
  { name: 'credential refused', operation: 'lead.create', input: lead, cause: revokes, final: true },
  { name: 'credential refused', operation: 'role.list', input: {}, cause: revokes, final: true },
  { name: 'connection expired', operation: 'lead.create', input: lead, cause: expires, early: true, final: true },
  { name: 'connection expired', operation: 'role.list', input: {}, cause: expires, early: true, final: true },
];

/** What the program's SDK told it. */
export function meet(pair: Pair, { operation, input, cause }: Trouble): Promise<Heard> {
  cause?.(pair);
  return ask(pair, operationOf(operation), input);
}

/** What a program sees: the status and the SDK's own word for it; left out, there is none. */
interface Sight {
  readonly status?: number;
  readonly word?: string;
}

/** By tool and by proxy; one row where both are the same. */
type Row = Sight | { readonly tool: Sight; readonly proxy: Sight };

const status = (number: number): Sight => ({ status: number });

/** What each door's program is told, whatever backend is behind. */
const SEEN: Readonly<Record<string, Readonly<Record<TroubleName, Row>>>> = {
  rest: {
    'not found': status(404),
    'refused content': status(400),
    'bad input': status(400),
    'missing field': status(400),
    'no permission': status(403),
    'rate limit': status(429),
    'app broken': status(503),
    'credential refused': status(401),
    'connection expired': status(401),
  },
  composio: {
    'not found': status(404),
    'refused content': status(400),
    'bad input': { tool: { status: 400, word: 'ActionExecute_BadRequest' }, proxy: status(400) },
    // What its tools publish as required, it looks for itself.
    'missing field': { tool: { status: 400, word: 'HTTP_BadRequest' }, proxy: status(400) },
    'no permission': status(403),
    'rate limit': status(429),
    'app broken': status(503),
    'credential refused': status(401),
    // The SDK makes an error of its own of number 1803, with 404.
    'connection expired': { tool: status(404), proxy: { status: 400, word: 'ActionExecute_ConnectedAccountNotFound' } },
  },
  membrane: {
    'not found': run(404),
    'refused content': run(400),
    'bad input': { tool: { word: 'bad_request' }, proxy: status(400) },
    'missing field': { tool: { word: 'bad_request' }, proxy: status(400) },
    'no permission': run(403),
    'rate limit': run(429),
    'app broken': run(503),
    'credential refused': run(401),
    // The SDK forgets the status of Membrane's own errors.
    'connection expired': { word: 'connection/connection_is_defunct' },
  },
  // The SDK's error for its proxy goes by the words of the status line, and knows those of one word: 401 and 403. All else is 500 to it.
  scalekit: {
    'not found': marked(404, 500, 'Not Found'),
    'refused content': marked(400, 500, 'Bad Request'),
    'bad input': { tool: { status: 400, word: 'INVALID_INPUT' }, proxy: { status: 500, word: 'Bad Request' } },
    'missing field': { tool: { status: 400, word: 'INVALID_ARGUMENT' }, proxy: { status: 500, word: 'Bad Request' } },
    'no permission': marked(403, 403, 'Forbidden'),
    'rate limit': marked(429, 500, 'Too Many Requests'),
    'app broken': marked(503, 500, 'Service Unavailable'),
    'credential refused': marked(401, 401, 'Unauthorized'),
    'connection expired': { tool: { status: 400, word: 'CONNECTION_REQUIRED' }, proxy: { status: 500, word: 'Bad Request' } },
  },
};

/** Scalekit marks what the app said to a tool, and hands it on unmarked by proxy. */
function marked(number: number, proxied: number, word: string): Row {
  return { tool: { status: number, word: 'TOOL_ERROR' }, proxy: { status: proxied, word } };
}

/** Membrane wraps what the app said to an action, and hands it on as it is by proxy. */
function run(number: number): Row {
  return { tool: { status: number, word: 'action_run' }, proxy: status(number) };
}

/** Scalekit's tools do not say with which status an app failed, so that these doors can only say that the backend did. */
const MUTE: Readonly<Record<string, Sight>> = {
  composio: { status: 500, word: 'HTTP_InternalServerError' },
  membrane: { word: 'connection' },
};

/** A key of the app has no state of its own: over `rest` an expired connection is a credential that the app refuses. */
export function sight({ name, operation }: Trouble, { door, adapter }: Pick<Pair, 'door' | 'adapter'>, way: 'tool' | 'http'): Sight {
  const rows = SEEN[door];
  if (!rows) throw new Error(`nobody has written what a program for ${door} is told`);
  const mute = operation === 'me.get' && adapter === 'scalekit' ? MUTE[door] : undefined;
  if (name === 'app broken' && mute) return mute;
  const row = rows[name === 'connection expired' && adapter === 'rest' ? 'credential refused' : name];
  return 'tool' in row ? row[way === 'tool' ? 'tool' : 'proxy'] : row;
}
