/** The kit is worth what it finds: each of these adapters breaks one promise, and is caught at that one. */
import { describe, expect, it } from 'vitest';
import type { Adapter, Reply } from '../../src/contract/adapter.ts';
import { adapterChecks } from '../../src/contract-kit.ts';
import { GOOD, type Habits, plainAdapter, plainSubject } from './plain-backend.ts';

type Spoil = (url: string) => Promise<Adapter>;

const withHabits =
  (habits: Partial<Habits>): Spoil =>
  (url) =>
    plainAdapter(url, { ...GOOD, ...habits });

const over =
  (change: (good: Adapter, url: string) => Partial<Adapter>): Spoil =>
  async (url) => {
    const good = await plainAdapter(url);
    return { ...good, ...change(good, url) };
  };

const replies = (change: (reply: Reply) => Reply): Spoil =>
  over((good) => ({
    invoke: async (call, signal) => change(await good.invoke(call, signal)),
    request: async (call, signal) => change(await good.request(call, signal)),
  }));

const failures = (change: (failure: Extract<Reply, { kind: 'failed' }>['failure']) => object): Spoil =>
  replies((reply) => (reply.kind === 'failed' ? { kind: 'failed', failure: { ...reply.failure, ...change(reply.failure) } } : reply));

const never = new AbortController().signal;

const SPOILT: readonly { readonly who: string; readonly promise: string; readonly open: Spoil }[] = [
  {
    who: 'repeats what got no answer',
    promise: 'a write reaches the wire once',
    open: over((good) => ({
      invoke: async (call, signal) => {
        const reply = await good.invoke(call, signal);
        return reply.kind === 'failed' && reply.failure.origin === 'network' && !signal.aborted ? good.invoke(call, signal) : reply;
      },
    })),
  },
  {
    who: 'calls a reset not-sent',
    promise: 'a write whose answer is lost is unknown, never not-sent',
    open: failures(({ code }) => (code === 'backend_unavailable' ? { delivery: 'not-sent' } : {})),
  },
  {
    who: 'believes every 200',
    promise: 'an answer that nobody can read is never a success',
    open: withHabits({
      read: (exchanged, kind) =>
        kind === 'tool' && exchanged.ok && exchanged.answer.status === 200
          ? { kind: 'tool', data: exchanged.answer.text }
          : GOOD.read(exchanged, kind),
    }),
  },
  {
    who: 'takes 5xx for a no',
    promise: 'a server that fails has not said that it did nothing',
    open: failures(({ status = 0 }) => (status >= 500 ? { delivery: 'answered' } : {})),
  },
  {
    who: 'calls every refusal internal',
    promise: 'a refusal is told as what it is',
    open: failures(({ delivery }) => (delivery === 'answered' ? { code: 'internal' } : {})),
  },
  {
    who: 'forgets how long to wait',
    promise: 'a refusal is told as what it is',
    open: failures(() => ({ retryAfterMs: undefined })),
  },
  {
    who: 'throws what the network threw',
    promise: 'what the far side does is a reply, never an exception',
    open: replies((reply) => {
      if (reply.kind === 'failed' && reply.failure.origin === 'network') throw new Error('socket hang up');
      return reply;
    }),
  },
  {
    who: 'shows what the answer said',
    promise: 'no secret and nothing of a person is in an error',
    open: withHabits({
      read: (exchanged, kind) => {
        const reply = GOOD.read(exchanged, kind);
        if (reply.kind !== 'failed' || !exchanged.ok) return reply;
        return { kind: 'failed', failure: { ...reply.failure, what: `the backend said ${exchanged.answer.text}` } };
      },
    }),
  },
  {
    who: 'has not heard of signals',
    promise: 'deadline and signal are obeyed',
    open: over((good) => ({ invoke: (call) => good.invoke(call, never) })),
  },
  {
    who: 'sends though it is too late',
    promise: 'deadline and signal are obeyed',
    open: over((good) => ({ request: (call, signal) => good.request(call, signal.aborted ? never : signal) })),
  },
  {
    who: 'takes a closed port for a lost answer',
    promise: 'what was never sent is not-sent, so that another route may be tried',
    open: failures(() => ({ delivery: 'unknown' })),
  },
  {
    who: 'cannot be closed twice',
    promise: 'close lets go of everything, and can be called twice',
    open: over((good) => {
      let isClosed = false;
      return {
        close: async () => {
          if (isClosed) throw new Error('already closed');
          isClosed = true;
          await good.close();
        },
      };
    }),
  },
  {
    who: 'puts ids into paths as they are',
    promise: 'ids cannot leave their path',
    open: withHabits({ path: (connection, rest) => `/connections/${connection}${rest}` }),
  },
  {
    who: 'hands every path on',
    promise: 'ids cannot leave their path',
    open: over((good) => ({
      request: (call, signal) => good.request(/^\/\w*$/.test(call.path) ? call : { ...call, path: '/notes' }, signal),
    })),
  },
  {
    who: 'takes whichever connection there is',
    promise: 'a call goes through the connection that it names, or nowhere',
    open: over((good) => ({
      invoke: (call, signal) => good.invoke({ ...call, connection: { ...call.connection, id: 'conn_1' } }, signal),
    })),
  },
  {
    who: 'says that it has no tools and runs them',
    promise: 'an adapter can do what it says, and refuses the rest',
    open: over((good) => ({ can: { ...good.can, tool: false } })),
  },
  {
    who: 'tells connections of somebody else',
    promise: "another user's connections are not shown",
    open: over((good) => ({ connections: async (query, signal) => good.connections({ ...query, user: 'ada' }, signal) })),
  },
  {
    who: 'tells connections without an instant',
    promise: 'a connection is told whole, and holds no credential',
    open: over((good) => ({
      connections: async (query, signal) => (await good.connections(query, signal)).map((one) => ({ ...one, checkedAt: 'just now' })),
    })),
  },
  {
    who: 'shows an empty list when there was none',
    promise: 'a list that could not be read is an error, never an empty list',
    open: over((good) => ({ connections: (query, signal) => good.connections(query, signal).catch(() => []) })),
  },
  {
    who: 'takes every state for active',
    promise: 'a status that nobody knows is unknown, never active',
    open: over((good) => ({
      connections: async (query, signal) => (await good.connections(query, signal)).map((one) => ({ ...one, status: 'active' as const })),
    })),
  },
];

/** The promises that an adapter breaks. */
async function broken(open: Spoil, patience: { readonly patienceMs?: number } = {}): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const check of adapterChecks(plainSubject(open), patience)) {
    await check.run().catch((error: Error) => found.set(check.promise, error.message));
  }
  return found;
}

describe('the kit', () => {
  it('finds nothing wrong with an adapter that keeps every promise', async () => {
    expect(await broken((url) => plainAdapter(url))).toEqual(new Map());
  });

  it.concurrent.each(SPOILT)('catches an adapter that $who', async ({ open, promise }) => {
    const found = await broken(open, { patienceMs: 1500 });
    expect([...found.keys()]).toContain(promise);
    expect(found.get(promise)).toMatch(/promise {8}.+\n.+what happened {2}.+: .+\n.+where to look {2}.+\./);
  });

  it('has a spoilt adapter for every promise', () => {
    const promises = adapterChecks(plainSubject((url) => plainAdapter(url))).map((check) => check.promise);
    expect([...new Set(promises)].toSorted()).toEqual([...new Set(SPOILT.map(({ promise }) => promise))].toSorted());
  });
});
