import type { Connection } from '../contract/connection.ts';
import { STATUSES } from '../contract/connection.ts';
import { isRouterError } from '../contract/errors.ts';
import type { Fault } from '../sandbox/faults.ts';
import { type Check, type Clause, checkOf } from './check.ts';
import { leakIn } from './leak.ts';
import type { AdapterSubject } from './subject.ts';
import { shownError } from './tell.ts';
import { openTrial, type Tools, type Trial } from './trial.ts';
import { PERSON } from './troubles.ts';

const SHAPE: Clause = {
  promise: 'a connection is told whole, and holds no credential',
  look: 'connections: backend, app and user as they were asked for, one of our statuses, and when it was read as an ISO instant.',
};
const OWN: Clause = {
  promise: "another user's connections are not shown",
  look: 'connections: ask the backend for this user and this app only, and drop what it answers beside.',
};
const FAILED: Clause = {
  promise: 'a list that could not be read is an error, never an empty list',
  look: 'connections: throw RouterError; the receipt then says backend_unreachable instead of connection_required.',
};
const STATUS: Clause = {
  promise: 'a status that nobody knows is unknown, never active',
  look: "The table of the backend's states: what is not in it is unknown.",
};

const FAULTS: readonly { readonly when: string; readonly fault: (secret: string) => Fault }[] = [
  { when: 'the connection is reset', fault: () => ({ when: 'before', kind: 'reset', times: 'always' }) },
  { when: 'it is an empty 503', fault: () => ({ when: 'before', kind: 'status', status: 503, times: 'always' }) },
  {
    when: 'it is a 401',
    fault: (secret) => ({ when: 'before', kind: 'status', status: 401, body: { error: `${PERSON} ${secret}` }, times: 'always' }),
  },
  {
    when: 'it is a page',
    fault: (secret) => ({ when: 'before', kind: 'html', status: 200, body: `<p>${PERSON} ${secret}</p>`, times: 'always' }),
  },
  {
    when: 'it is JSON of another shape',
    fault: () => ({ when: 'before', kind: 'body', status: 200, body: { surprise: 1 }, times: 'always' }),
  },
];

/** Whether what the adapter says of connections can be relied on. */
export function listingChecks(subject: AdapterSubject, tools: Tools): readonly Check[] {
  const tried = (play: (trial: Trial) => Promise<string | undefined>) => async (): Promise<string | undefined> => {
    await using trial = await openTrial(subject, tools);
    return await play(trial);
  };
  const strange = subject.strangeStatus;
  return [
    checkOf(SHAPE, 'the list of connections', tried(shape)),
    checkOf(
      OWN,
      'a user whom nobody knows',
      tried((trial) => stranger(trial, { user: 'nobody-has-this-name' })),
    ),
    checkOf(
      OWN,
      'an app that nobody has connected',
      tried((trial) => stranger(trial, { app: 'no-such-app' })),
    ),
    ...FAULTS.map(({ when, fault }) =>
      checkOf(
        FAILED,
        `when ${when}`,
        tried((trial) => broken(trial, fault)),
      ),
    ),
    ...('none' in strange
      ? []
      : [
          checkOf(
            STATUS,
            'a new word for a state',
            tried((trial) => newWord(trial, strange)),
          ),
        ]),
  ];
}

async function shape({ adapter, stage }: Trial): Promise<string | undefined> {
  const found = await list(adapter, stage);
  const wrong = found.flatMap((one) => problems(one, stage.query, adapter.backend));
  const leak = leakIn(JSON.stringify(found), stage.secrets);
  return wrong[0] ?? leak;
}

function problems(one: Connection, { app, user }: Trial['stage']['query'], backend: string): readonly string[] {
  return [
    ...(one.id === '' ? ['a connection has no id'] : []),
    ...(one.backend === backend ? [] : [`backend is "${one.backend}", not "${backend}"`]),
    ...(one.app === app ? [] : [`app is "${one.app}", not "${app}"`]),
    ...(one.user === user ? [] : [`user is "${one.user}", not "${user}"`]),
    ...(STATUSES.includes(one.status) ? [] : [`status is "${one.status}"`]),
    ...(new Date(one.checkedAt).getTime() > 0 ? [] : [`checkedAt is "${one.checkedAt}"`]),
  ];
}

async function stranger({ adapter, stage, tools }: Trial, other: Partial<Trial['stage']['query']>): Promise<string | undefined> {
  const query = { ...stage.query, ...other };
  const found = await adapter.connections(query, AbortSignal.timeout(tools.patienceMs)).catch((error: unknown) => {
    if (isRouterError(error)) return [];
    throw error;
  });
  return found.length === 0 ? undefined : `${found.length} connections were shown`;
}

/** An adapter that asks nobody for its connections has no list that could fail. */
async function broken({ server, stage, tools }: Trial, fault: (secret: string) => Fault): Promise<string | undefined> {
  const set = server.fault(fault(stage.secrets[0] ?? ''));
  const adapter = await stage.open(server.url);
  try {
    const found = await adapter.connections(stage.query, AbortSignal.timeout(tools.patienceMs));
    return set.fired() === 0 ? undefined : `${found.length} connections were shown`;
  } catch (error) {
    return isRouterError(error) ? leakIn(shownError(error), stage.secrets) : 'it threw something else than a RouterError';
  } finally {
    await adapter.close();
  }
}

async function newWord(
  { server, stage }: Trial,
  { path, rewrite }: Extract<AdapterSubject['strangeStatus'], { readonly path: RegExp }>,
): Promise<string | undefined> {
  let rewritten = 0;
  server.rewrite(path, (body) => {
    const changed = rewrite(body);
    if (!Buffer.from(changed as string).equals(body)) rewritten += 1;
    return changed;
  });
  const adapter = await stage.open(server.url);
  try {
    const found = await list(adapter, stage);
    if (rewritten === 0) throw new Error(`strangeStatus changed no answer to ${String(path)}, so that nothing was tried`);
    if (found.length === 0) return 'the connection was left out';
    const known = found.find(({ status }) => status !== 'unknown');
    return known && `it is shown as ${known.status}`;
  } finally {
    await adapter.close();
  }
}

function list(adapter: Trial['adapter'], { query }: Trial['stage']): Promise<readonly Connection[]> {
  return adapter.connections(query, AbortSignal.timeout(10_000));
}
