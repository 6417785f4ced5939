import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { listAt, open } from './world-client.ts';
import { knownIn, STORY } from './world-story.ts';

const entries = await closeApp.all();
const operations: ReadonlyMap<string, Operation> = new Map(
  entries.flatMap((entry) => (isIntent(entry) ? [] : [[entry.id, entry] as const])),
);

describe('the world answers the whole catalogue', () => {
  const client = open();
  const known = knownIn(client);

  it('is asked for every operation of the catalogue', () => {
    expect(new Set(STORY.map((step) => step.operation))).toEqual(new Set(operations.keys()));
  });

  it.each(STORY)('$operation takes the catalogue’s input and gives what the catalogue promises', ({ operation, input, remember }) => {
    const declared = operations.get(operation);
    const given = input?.(known) ?? {};
    expect(declared?.input.safeParse(given)).toMatchObject({ success: true });
    const answer = client.ask(operation, given);
    expect(declared?.output.safeParse(answer)).toMatchObject({ success: true });
    if (operation.endsWith('.list')) expect(listAt(answer, 'data').length).toBeGreaterThan(0);
    if (remember) known[remember] = String(isObject(answer) && answer['id'] ? answer['id'] : listAt(answer, 'data')[0]?.['id']);
  });

  it('has no more to say about what the story deleted', () => {
    const gone = [
      'lead',
      'contact',
      'opportunity',
      'task',
      'note',
      'call',
      'sms',
      'email',
      'webhook',
      'smart_view',
      'sequence',
      'pipeline',
    ];
    for (const noun of gone) expect(client.refusal(`${noun}.get`, { [`${noun}_id`]: known[`new ${noun}`] }).code, noun).toBe('not_found');
  });

  it('knows no operation that the catalogue does not have', () => {
    expect(client.refusal('lead.levitate').code).toBe('not_found');
  });
});
