/** An idempotency key on an operation of several steps, whose writes follow from what its reads find. */
import { describe, expect, it } from 'vitest';
import { createCore } from '../../src/assembly.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { HttpCall, Reply, ToolCall } from '../../src/contract/adapter.ts';
import type { JsonObject } from '../../src/contract/guards.ts';
import { answered, failure, fakeBackend, memoryJournal } from '../support/fake-backend.ts';

const CONTACT = 'cont_3nQwExampleContact';
const ADDED = { contact_id: CONTACT, emails: [{ email: 'new@northpine.example', type: 'office' }] };
const KEY = { idempotencyKey: 'k1' };

/** A contact that anybody may change between two calls. */
function contactApp() {
  let contact: JsonObject = { id: CONTACT, lead_id: 'lead_7mKqcZb5WvV0ExampleLead', name: 'Bea', emails: [] };
  let refusals = 0;
  const written: JsonObject[] = [];
  const reply = (call: HttpCall | ToolCall): Reply => {
    if (!('path' in call)) return failure('internal', 'not-sent');
    if (call.method === 'GET') return answered(contact);
    if (refusals > 0) {
      refusals -= 1;
      return answered({ error: 'no' }, 400);
    }
    written.push(call.body ?? {});
    contact = { ...contact, ...call.body, id: CONTACT };
    return answered(contact);
  };
  const { run } = createCore({
    apps: [closeApp],
    backends: [fakeBackend('alpha', { reply })],
    policy: { prefer: [], pin: {}, deny: [], ask: [], account: 'user' },
    identity: (user) => user,
    journal: memoryJournal(),
    now: () => new Date(),
    elapsed: () => performance.now(),
    settleMs: 300,
  });
  return {
    written,
    change: (fields: JsonObject) => {
      contact = { ...contact, ...fields };
    },
    refuseOnce: () => {
      refusals = 1;
    },
    run: (operation: string, input: JsonObject) => run(`close.${operation}`, input, { user: 'ada', timeoutMs: 5000, ...KEY }),
  };
}

describe('an idempotency key on an operation of several steps', () => {
  it('gives the first result again, though what its steps would write has changed since', async () => {
    const app = contactApp();
    const first = await app.run('contact.add_details', ADDED);
    app.change({ emails: [{ email: 'other@northpine.example', type: 'office' }] });
    const again = await app.run('contact.add_details', ADDED);
    expect(again).toMatchObject({ ok: true, data: first.ok && first.data, receipt: { replayed: true, attempts: [] } });
    expect(app.written).toHaveLength(1);
  });

  it('is refused for other input, and for the operation that was one of the steps', async () => {
    const app = contactApp();
    await app.run('contact.add_details', ADDED);
    const conflict = { ok: false, error: { code: 'idempotency_conflict' } };
    expect(await app.run('contact.add_details', { ...ADDED, emails: [{ email: 'else@northpine.example' }] })).toMatchObject(conflict);
    expect(await app.run('contact.update', { contact_id: CONTACT, emails: ADDED.emails })).toMatchObject(conflict);
    expect(app.written).toHaveLength(1);
  });

  it('is shared by callers at the same time', async () => {
    const app = contactApp();
    const outcomes = await Promise.all([1, 2, 3].map(() => app.run('contact.add_details', ADDED)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(app.written).toHaveLength(1);
  });

  it('is free again when the app refused', async () => {
    const app = contactApp();
    app.refuseOnce();
    expect(await app.run('contact.add_details', ADDED)).toMatchObject({ ok: false, error: { code: 'rejected' } });
    expect(await app.run('contact.add_details', ADDED)).toMatchObject({ ok: true });
    expect(app.written).toHaveLength(1);
  });
});
