/** Two processes on one store are asked for the same at the same time, without a key: both are meant, and both must exist. */
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { ownProcess, type Replica } from '../campaign/replicas.ts';
import { json, type Seen, startHttp } from '../support/scripted-http.ts';
import { STORES } from '../support/stores.ts';

const LEAD = 'lead_7mKqcZb5WvV0ExampleLead';
/** How long lists may lag, and an answer may be waited for before what is found counts as somebody else's. */
const SETTLE_MS = 1000;
const TIMEOUT_MS = 20_000;

/** What becomes of a request to make a task: whether it is made, and when its answer comes or is lost; default when both have come. */
interface Fate {
  readonly made: boolean;
  readonly lost: boolean;
  readonly when?: Promise<unknown>;
}

const LOST_BEFORE: Fate = { made: false, lost: true };
const LOST_AFTER: Fate = { made: true, lost: true };

/** An app with tasks. The requests to make one meet their fates in the order in which they come; later ones are made and answered. */
async function taskApp() {
  let fates: Fate[] = [];
  let tasks: JsonObject[] = [];
  let asked = 0;
  const heard = { makes: 0, looks: 0 };
  const waiting = new Map<() => boolean, () => void>();
  const hear = (what: keyof typeof heard): void => {
    heard[what] += 1;
    for (const [isTrue, resolve] of waiting) if (isTrue()) resolve();
  };
  const heardOf = (what: keyof typeof heard, count: number): Promise<void> =>
    new Promise((resolve) => {
      if (heard[what] >= count) resolve();
      else waiting.set(() => heard[what] >= count, resolve);
    });
  const make = async (response: ServerResponse, seen: Seen): Promise<void> => {
    asked += 1;
    const { made, lost, when = heardOf('makes', 2) } = fates.shift() ?? { made: true, lost: false };
    const task = { ...(isObject(seen.body) ? seen.body : {}), id: `task_${asked}`, date_created: new Date().toISOString() };
    if (made) tasks.push(task);
    hear('makes');
    await when;
    if (lost) response.destroy();
    else json(task)(response, seen);
  };
  const server = await startHttp((response, seen) => {
    if (seen.method === 'POST') return void make(response, seen);
    if (seen.path.endsWith('/me/')) return json({ id: 'user_1', organizations: [{ id: 'orga_1', name: 'One' }] })(response, seen);
    json({ data: tasks.toReversed(), has_more: false }, 200, { date: new Date().toUTCString() })(response, seen);
    hear('looks');
  });
  return {
    url: server.url,
    tasks: () => tasks,
    close: () => server[Symbol.asyncDispose](),
    begin: (next: readonly Fate[]): void => {
      [fates, tasks, heard.makes, heard.looks] = [[...next], [], 0, 0];
    },
    /** Resolves when so many requests of a sort have come. */
    heard: heardOf,
  };
}

describe.each(STORES)('two processes on $store', { timeout: 60_000 }, ({ place, missing }) => {
  let app: Awaited<ReturnType<typeof taskApp>>;
  let there: Awaited<ReturnType<typeof place>>;
  let replicas: readonly [Replica, Replica];

  beforeAll(async () => {
    if (missing !== undefined) return;
    [app, there] = [await taskApp(), await place()];
    const config = {
      backends: { rest: { base_url: `${app.url}/api/v1`, api_key: 'api_test' } },
      users: {},
      defaultUser: 'ada',
      policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' as const },
      store: there.path,
    };
    replicas = [ownProcess({ config, settleMs: SETTLE_MS }), ownProcess({ config, settleMs: SETTLE_MS })];
  });

  afterAll(async () => {
    if (missing !== undefined) return;
    await Promise.all(replicas.map((replica) => replica.close()));
    await app.close();
    await there[Symbol.asyncDispose]();
  });

  const ask = (replica: Replica, text: string): Promise<RunReport | undefined> =>
    replica.run({ operation: 'close.task.create', input: { lead_id: LEAD, text }, options: { user: 'ada', timeoutMs: TIMEOUT_MS } });

  /** The second is asked when the request of the first has come. */
  async function askBoth(text: string, fates: readonly [Fate, Fate]) {
    app.begin(fates);
    const first = ask(replicas[0], text);
    await app.heard('makes', 1);
    const second = ask(replicas[1], text);
    await app.heard('makes', 2);
    return { first, second };
  }

  function expectBoth(reports: readonly (RunReport | undefined)[]): void {
    expect(reports).toMatchObject([{ ok: true }, { ok: true }]);
    const told = reports.map((report) => (report?.ok ? stringAt(report.data, 'id') : undefined));
    expect(told.toSorted()).toEqual(
      app
        .tasks()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(new Set(told).size).toBe(2);
  }

  it.skipIf(missing).each([
    ['both were made', LOST_AFTER, LOST_AFTER],
    ['none was made', LOST_BEFORE, LOST_BEFORE],
    ['only the first was made', LOST_AFTER, LOST_BEFORE],
    ['only the second was made', LOST_BEFORE, LOST_AFTER],
  ])('whose answers are both lost each find or make their own: %s', async (text, ...fates) => {
    const { first, second } = await askBoth(text, fates);
    expectBoth(await Promise.all([first, second]));
  });

  it.skipIf(missing)(
    'of which one takes the other’s task, whose answer comes late, for its own: the other makes its own anew',
    async () => {
      const late = Promise.withResolvers<void>();
      const { first, second } = await askBoth('late, and not made', [{ made: true, lost: false, when: late.promise }, LOST_BEFORE]);
      const taken = await second;
      expect([taken?.ok && stringAt(taken.data, 'id')]).toEqual(app.tasks().map(({ id }) => id));
      late.resolve();
      expectBoth([await first, taken]);
    },
  );

  it.skipIf(missing)('of which one finds two tasks waits until the other has its answer, and has the one that is left', async () => {
    const late = Promise.withResolvers<void>();
    const { first, second } = await askBoth('late, and made', [{ made: true, lost: false, when: late.promise }, LOST_AFTER]);
    await app.heard('looks', 2);
    late.resolve();
    expectBoth(await Promise.all([first, second]));
  });

  it.skipIf(missing)('of which one finds two tasks when the app has settled guesses at none, and says so', async () => {
    const late = Promise.withResolvers<void>();
    const { first, second } = await askBoth('too late', [{ made: true, lost: false, when: late.promise }, LOST_AFTER]);
    expect(await second).toMatchObject({ ok: false, error: { code: 'outcome_unknown' } });
    late.resolve();
    expect(await first).toMatchObject({ ok: true });
    expect(app.tasks()).toHaveLength(2);
  });
});
