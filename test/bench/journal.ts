import { STORES } from '../support/stores.ts';
import type { Figure } from './figure.ts';
import { interleaved, quantile, type Timing } from './measure.ts';

const ROUNDS = { rounds: 500, warmup: 50 };

/** What a call pays for being on record, and for an idempotency key, on each store that is there. */
export async function journalFigures(): Promise<readonly Figure[]> {
  const there = STORES.filter(({ missing }) => missing === undefined);
  const figures: Figure[] = [];
  for (const { store, place } of there) {
    await using here = await place();
    const journal = here.open();
    await journal.open();
    let call = 0;
    const record = () =>
      journal.record({
        outcome: 'ok',
        receipt: {
          id: `call_${++call}`,
          operation: 'close.lead.create',
          user: 'ada',
          at: new Date().toISOString(),
          verdicts: [{ backend: 'rest', reason: 'chosen' }],
          attempts: [{ backend: 'rest', connection: 'rest:ada', transport: 'direct', delivery: 'answered', status: 200, ms: 1 }],
          ms: 1,
        },
      });
    const key = async (): Promise<void> => {
      const request = { user: 'ada', key: `key_${++call}`, operation: 'close.lead.create', hash: 'h' };
      const at = new Date().toISOString();
      await journal.keys.take(request, 'me', at, at);
      await journal.keys.sending(request, 'me', at);
      await journal.keys.settle(request, 'me', { id: 'lead_1' }, at);
    };
    const timings = await interleaved(
      [
        { name: 'the receipt', run: record },
        { name: 'an idempotency key', run: key },
      ],
      ROUNDS,
    );
    figures.push(...timings.flatMap((timing) => both(store, timing)));
  }
  return figures;
}

function both(store: string, { name, times }: Timing): readonly Figure[] {
  const at = (share: number, word: string): Figure => ({ what: `${name} on ${store}, ${word}`, value: quantile(times, share), unit: 'ms' });
  return [at(0.5, 'p50'), at(0.99, 'p99')];
}
