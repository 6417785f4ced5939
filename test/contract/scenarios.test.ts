import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/contract/receipt.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { carriers } from './carriers.ts';
import { startingWorld } from './reference.ts';
import { type Adapted, adapt, NAMES, type Name } from './rig.ts';

/** What goes wrong on the wire of a backend while a write is on its way, and what comes of it. */
interface Scenario {
  readonly when: string;
  readonly fault?: Fault;
  /** How the call may end; `done` is success. */
  readonly ends: readonly string[];
  /** How often Close does it. Never twice. */
  readonly effects: 0 | 1;
  /** How often the router sent it, where that is the same on every backend. */
  readonly attempts?: number;
  /** What looking has proved. */
  readonly confirmed?: 'present' | 'absent';
}

const always = { times: 'always' } as const;
const again = { ends: ['done'], effects: 1, attempts: 2, confirmed: 'absent' } as const;
const found = { ends: ['done'], effects: 1, attempts: 1, confirmed: 'present' } as const;

/** A refusal in nobody's words proves nothing: something on the way may say so after it has handed the request on. */
const STRANGERS: readonly Scenario[] = [400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 429].flatMap((status) =>
  (['status', 'html'] as const).flatMap((kind): readonly Scenario[] => {
    const said = `${kind === 'html' ? 'a page says' : 'an empty answer says'} ${status}`;
    return [
      { when: `${said} after the effect`, fault: { when: 'after', kind, status }, ...found },
      { when: `${said} before the effect`, fault: { when: 'before', kind, status }, ...again },
    ];
  }),
);

/** In nobody's words either. */
const HOUR = { kind: 'status', status: 429, headers: { 'retry-after': '3600' } } as const;

const SCENARIOS: readonly Scenario[] = [
  { when: 'all is well', ends: ['done'], effects: 1, attempts: 1 },
  { when: 'the line breaks after the effect', fault: { when: 'after', kind: 'reset' }, ...found },
  { when: 'a gateway answers after the effect', fault: { when: 'after', kind: 'html', status: 502 }, ...found },
  { when: 'the answer is cut short', fault: { when: 'mid-body' }, ...found },
  { when: 'a 200 carries a page', fault: { when: 'after', kind: 'html', status: 200 }, ...found },
  { when: 'a 200 carries half of its JSON', fault: { when: 'after', kind: 'truncate' }, ...found },
  {
    when: 'the line breaks before the effect',
    fault: { when: 'before', kind: 'reset' },
    ...again,
  },
  {
    when: 'the line breaks before the effect, every time',
    fault: { when: 'before', kind: 'reset', ...always },
    ends: ['outcome_unknown'],
    effects: 0,
    attempts: 1,
  },
  {
    when: 'a gateway is down, every time',
    fault: { when: 'before', kind: 'html', status: 502, ...always },
    ends: ['outcome_unknown'],
    effects: 0,
    attempts: 1,
  },
  {
    when: 'somebody on the way asks to wait for an hour',
    fault: { when: 'before', ...HOUR },
    ends: ['rate_limited'],
    effects: 0,
    attempts: 1,
    confirmed: 'absent',
  },
  {
    when: 'somebody on the way asks to wait for an hour, every time',
    fault: { when: 'before', ...HOUR, ...always },
    ends: ['outcome_unknown'],
    effects: 0,
    attempts: 1,
  },
  ...STRANGERS,
];

/** The connections are known: what is set next meets the call itself. */
async function ready(adapter: Name): Promise<Adapted> {
  const rig = await adapt(adapter, startingWorld());
  await rig.core.router.connections.check({ app: 'close', user: 'ada' });
  rig.sandbox.reset();
  rig.stage.calls.length = 0;
  return rig;
}

function codeOf(report: RunReport): string {
  return report.ok ? 'done' : report.error.code;
}

const WRITE = 'close.lead.create';

/** No backend has a tool for it: it goes as the app's own request. */
const PROXIED = { operation: 'close.email_template.create', input: { name: 'Once', subject: 'Once', body: 'Hello' } };

describe.each(NAMES.map((adapter) => ({ adapter })))('a write as the app’s own request over $adapter', ({ adapter }) => {
  it.each(STRANGERS)('happens once when $when', async ({ fault, ends, effects, confirmed }) => {
    await using rig = await ready(adapter);
    if (fault) rig.sandbox.fault({ ...fault, path: carriers(adapter) });
    const report = await rig.core.router.run(PROXIED.operation, PROXIED.input, { user: 'ada', timeoutMs: 200_000 });
    expect(ends).toContain(codeOf(report));
    expect(report.receipt?.route?.transport).not.toBe('tool');
    expect(report.receipt?.confirmed).toBe(confirmed);
    expect(rig.stage.calls.filter(({ operation }) => operation === PROXIED.operation)).toHaveLength(effects);
  });
});

describe.each(NAMES.map((adapter) => ({ adapter })))('a write over $adapter', ({ adapter }) => {
  it.each(SCENARIOS)('happens $effects times when $when', async ({ fault, ends, effects, attempts, confirmed }) => {
    await using rig = await ready(adapter);
    if (fault) rig.sandbox.fault({ ...fault, path: carriers(adapter) });
    const report = await rig.core.router.run(WRITE, { name: 'Once' }, { user: 'ada', timeoutMs: 200_000 });
    expect(ends).toContain(codeOf(report));
    expect(rig.stage.current.ledger()).toHaveLength(effects);
    expect(rig.stage.calls.filter(({ operation }) => operation === WRITE)).toHaveLength(effects);
    expect(report.receipt?.confirmed).toBe(confirmed);
    if (attempts !== undefined) expect(report.receipt?.attempts).toHaveLength(attempts);
    // Where nothing had to be looked up, each attempt was one request: no client below the router repeats a write.
    const carried = rig.sandbox.requests(adapter).filter(({ path }) => carriers(adapter).test(path));
    // What the router itself held back, because it was told to wait, was none.
    const sent = report.receipt?.attempts.filter(({ delivery, code }) => !(delivery === 'not-sent' && code === 'rate_limited')) ?? [];
    if (codeOf(report) !== 'outcome_unknown' && confirmed === undefined) expect(carried).toHaveLength(sent.length);
  });

  it('ends with its deadline when nobody answers', async () => {
    await using rig = await ready(adapter);
    rig.sandbox.fault({ path: carriers(adapter), when: 'before', kind: 'hang', ...always });
    const report = await rig.core.router.run(WRITE, { name: 'Never' }, { user: 'ada', timeoutMs: 400 });
    expect(codeOf(report)).toBe('outcome_unknown');
    expect(rig.stage.current.ledger()).toEqual([]);
  });
});
