import { describe, expect, it } from 'vitest';
import { membrane } from '../../adapters/index.ts';
import { actionCall, actionNamed, actionNames } from '../../src/binding/actions.ts';
import { toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';

const [binding] = await membrane.bindings();
const actions = actionNames(closeApp, binding);
const published = actions.filter(({ key, operation }) => key !== operation);

describe('the actions', () => {
  it('are every operation and intent, once', () => {
    expect(actions.map(({ operation }) => operation).toSorted()).toEqual([...closeApp.ids].toSorted());
    expect(new Set(actions.map(({ key }) => key)).size).toBe(actions.length);
  });

  it('are found by every name, and each name means one of them', () => {
    for (const action of actions) {
      const names = [action.key, action.operation, `close.${action.operation}`, spoken(action.operation)];
      expect(names.map((name) => actionNamed(closeApp, actions, name).operation)).toEqual(names.map(() => action.operation));
    }
  });

  it.each([
    ['list-calls', 'call.list'],
    ['send-sms', 'sms.send'],
    ['list-opportunity-statuses', 'opportunity_status.list'],
    ['list-custom-activities', 'custom_activity.list'],
  ])('are found by the names that Membrane would give them: %s', (name, operation) => {
    expect(actionNamed(closeApp, actions, name).operation).toBe(operation);
  });

  it.each(['', 'toString', '__proto__', 'close.', 'lead', '../lead.get'])('are not found by %j', (name) => {
    expect(() => actionNamed(closeApp, actions, name)).toThrow(/no action/);
  });
});

describe('the input of a published action', () => {
  it.each(published)('means the same in Membrane’s spelling and in ours: $key', async (action) => {
    const operation = await closeApp.find(action.operation);
    const cell = binding?.cells[action.operation];
    if (!operation || cell?.transport !== 'tool') throw new Error(`${action.key} is not published`);
    const example = Object.fromEntries(Object.entries(operation.example).filter(([name]) => cell.accepts.includes(name)));
    const ours = { operation: `close.${action.operation}`, input: example };
    expect(actionCall(closeApp, binding, action, example)).toEqual(ours);
    expect(actionCall(closeApp, binding, action, toTool(cell, example))).toEqual(ours);
  });

  it('has no name that means one field in Membrane’s spelling and another in ours', async () => {
    for (const { operation: id } of published) {
      const [cell, entry] = [binding?.cells[id], await closeApp.find(id)];
      const fields = entry && 'shape' in entry.input ? Object.keys(entry.input.shape as object) : [];
      const theirs = cell?.transport === 'tool' ? Object.values(cell.rename ?? {}) : [];
      expect(fields.filter((field) => theirs.includes(field))).toEqual([]);
    }
  });
});

/** `custom_activity.create` → `create-custom-activity` */
function spoken(operation: string): string {
  const [noun = '', verb = ''] = operation.replaceAll('_', '-').split('.');
  return `${verb}-${noun}`;
}
