import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Connection } from '../../src/contract/connection.ts';
import { bind } from '../../src/router/bind.ts';
import { type Question, resolve } from '../../src/router/resolve.ts';
import { validate } from '../../src/router/validate.ts';
import type { Figure } from './figure.ts';
import { perRun, quantile } from './measure.ts';

const TARGET_MICROSECONDS = 25;

/** validate → resolve → bind of one lead.create between four healthy connections of one account. */
export async function decisionFigures(): Promise<readonly Figure[]> {
  const entry = await closeApp.find('lead.create');
  if (entry === undefined || isIntent(entry)) throw new Error('lead.create is no operation');
  const candidates = await candidatesFor(entry.id);
  const decide = () => {
    const input = validate(entry, entry.example);
    const decision = resolve({
      operation: entry,
      input,
      candidates,
      absent: [],
      prefer: ['composio', 'rest'],
      pin: undefined,
      account: 'user',
    });
    const [route] = decision.kind === 'use' ? decision.routes : [];
    if (route === undefined) throw new Error('nothing was chosen between four healthy connections');
    return bind(entry, input, route);
  };
  perRun(decide, { batches: 20, size: 500 });
  const value = quantile(perRun(decide, { batches: 100, size: 200 }), 0.5);
  const target = `≤ ${TARGET_MICROSECONDS} µs`;
  return [{ what: 'decision: validate, resolve, bind', value, unit: 'µs', target, met: value <= TARGET_MICROSECONDS }];
}

async function candidatesFor(operation: string): Promise<Question['candidates']> {
  const account = { organization: 'orga_1', user: 'user_1' };
  const perBackend = Object.entries(BACKENDS).map(async ([backend, { bindings }]) => {
    const cell = (await bindings())[0]?.cells[operation];
    if (cell === undefined) throw new Error(`${backend} has no cell for ${operation}`);
    const can =
      backend === 'rest'
        ? ({ tool: false, http: 'direct', connect: 'key' } as const)
        : ({ tool: true, http: 'proxy', connect: 'link' } as const);
    return [1, 2].map((at) => {
      const connection: Connection = {
        id: `${backend}_${at}`,
        backend,
        app: 'close',
        user: 'ada',
        status: 'active',
        account,
        checkedAt: '2026-03-02T09:00:00.000Z',
      };
      return { connection, cell, can, demoted: false, failures: 0 };
    });
  });
  return (await Promise.all(perBackend)).flat();
}
