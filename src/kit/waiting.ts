import { type Check, type Clause, checkOf } from './check.ts';
import { closedUrl } from './closed-port.ts';
import type { AdapterSubject, SampleCall } from './subject.ts';
import { told } from './tell.ts';
import { type Observed, observe, openTrial, type Tools, type Trial } from './trial.ts';

const SIGNAL: Clause = {
  promise: 'deadline and signal are obeyed',
  look: 'Hand the signal on to whatever sends, and tell an abort as timeout: unknown when the request may have been written, else not-sent.',
};
const NOT_SENT: Clause = {
  promise: 'what was never sent is not-sent, so that another route may be tried',
  look: 'How the adapter reads a refused connection: nothing was written yet.',
};
const CLOSED: Clause = {
  promise: 'close lets go of everything, and can be called twice',
  look: 'close: end pools and sessions of your own, whether they were ever opened or not.',
};

const ENDINGS = [
  { when: 'the deadline passes while the far side is silent', reason: () => new DOMException('the deadline passed', 'TimeoutError') },
  { when: 'the caller gives up while the far side is silent', reason: () => new DOMException('nobody waits any more', 'AbortError') },
] as const;

/** Whether calls and lists end when they have to, and say rightly what may have been sent by then. */
export function waitingChecks(subject: AdapterSubject, tools: Tools): readonly Check[] {
  const tried = (play: (trial: Trial) => Promise<string | undefined>) => async (): Promise<string | undefined> => {
    await using trial = await openTrial(subject, tools);
    return await play(trial);
  };
  const ofCalls = subject.calls.flatMap((call) => [
    ...ENDINGS.map(({ when, reason }) =>
      checkOf(
        SIGNAL,
        `${call.name}, when ${when}`,
        tried((trial) => silence(trial, call, reason())),
      ),
    ),
    checkOf(
      SIGNAL,
      `${call.name}, when it is too late from the start`,
      tried((trial) => tooLate(trial, call)),
    ),
    checkOf(
      NOT_SENT,
      `${call.name}, when nobody listens`,
      tried((trial) => nobody(trial, call)),
    ),
  ]);
  return [
    ...ofCalls,
    ...ENDINGS.map(({ when, reason }) =>
      checkOf(
        SIGNAL,
        `the list of connections, when ${when}`,
        tried((trial) => silentList(trial, reason())),
      ),
    ),
    checkOf(
      CLOSED,
      'an adapter that was never used',
      tried(async ({ stage, server }) => closes(await stage.open(server.url))),
    ),
    checkOf(
      CLOSED,
      'an adapter after a call',
      tried(async (trial) => {
        for (const call of subject.calls) await observe(trial, call);
        return closes(trial.adapter);
      }),
    ),
  ];
}

async function silence(trial: Trial, call: SampleCall, reason: DOMException): Promise<string | undefined> {
  const { server, subject } = trial;
  server.fault({ when: 'before', kind: 'hang', path: subject.carries, times: 'always' });
  const controller = new AbortController();
  void server.arrival(subject.carries).then(() => controller.abort(reason));
  const seen = await observe(trial, call, { signal: controller.signal });
  if (!call.read && seen.carried > 1) return `${seen.carried} requests carried it`;
  return isTimeout(seen, call.read ? undefined : 'unknown') ? undefined : told(seen);
}

async function tooLate(trial: Trial, call: SampleCall): Promise<string | undefined> {
  const seen = await observe(trial, call, { signal: AbortSignal.abort(new DOMException('the deadline passed', 'TimeoutError')) });
  if (seen.carried > 0) return 'it was sent all the same';
  return isTimeout(seen, 'not-sent') ? undefined : told(seen);
}

async function nobody(trial: Trial, call: SampleCall): Promise<string | undefined> {
  const adapter = await trial.stage.open(await closedUrl(new URL(trial.server.url).pathname.replace(/\/+$/, '')));
  const seen = await observe({ ...trial, adapter }, call);
  await adapter.close();
  const { reply } = seen;
  return reply?.kind === 'failed' && reply.failure.delivery === 'not-sent' ? undefined : told(seen);
}

/** What asks nobody cannot be kept waiting. */
async function silentList({ server, stage, tools }: Trial, reason: DOMException): Promise<string | undefined> {
  server.fault({ when: 'before', kind: 'hang', times: 'always' });
  const adapter = await stage.open(server.url);
  const controller = new AbortController();
  void server.arrival(/./).then(() => controller.abort(reason));
  const listed = adapter.connections(stage.query, controller.signal).then(
    () => (controller.signal.aborted ? 'it was answered as if the far side had' : undefined),
    () => undefined,
  );
  return within(listed, tools.patienceMs).finally(() => adapter.close());
}

async function closes(adapter: Trial['adapter']): Promise<string | undefined> {
  try {
    await adapter.close();
    await adapter.close();
    return undefined;
  } catch {
    return 'close threw';
  }
}

function isTimeout({ reply }: Observed, delivery: 'unknown' | 'not-sent' | undefined): boolean {
  if (reply?.kind !== 'failed' || reply.failure.code !== 'timeout') return false;
  return delivery === undefined || reply.failure.delivery === delivery;
}

async function within(done: Promise<string | undefined>, patienceMs: number): Promise<string | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve('nothing came of it'), patienceMs);
  const first = await Promise.race([done, late]);
  clearTimeout(timer);
  return first;
}
