import { describe, expect, it } from 'vitest';
import { RouterError } from '../../src/contract/errors.ts';
import { doneText, failedText } from '../../src/toolsets/text.ts';

describe('what a model reads of a success', () => {
  it('begins with what happened, and leaves out what is empty', () => {
    const data = { id: 'lead_1', name: 'Acme', url: null, contacts: [], custom: {}, opportunities: [{ note: '', value: 0 }] };
    expect(doneText('close.lead.get', data)).toBe(
      'close.lead.get: done, lead_1\n{"id":"lead_1","name":"Acme","opportunities":[{"value":0}]}',
    );
  });

  it('counts what a list has, also when it has nothing', () => {
    expect(doneText('close.lead.list', { data: [], has_more: false })).toBe('close.lead.list: 0 objects\n{"has_more":false}');
    expect(doneText('x', { data: [{ id: 1 }], has_more: true, total_results: 40 })).toMatch(/^x: 1 of 40 objects, more follow\n/);
  });

  it('is bounded, and says what is missing', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ id: `lead_${at}`, text: 'x'.repeat(90) }));
    const list = doneText('x', { data: rows, has_more: false }, 1000);
    expect(list.length).toBeLessThan(1300);
    expect(list.split('\n').at(-1)).toBe('[92 more objects of this page not shown; take a smaller limit, name fields, or filter]');
    const one = doneText('x', { id: 'a', text: 'y'.repeat(5000) }, 1000);
    expect(one).toMatch(/\[shortened: text: first \d+ of 5000 characters; name `fields`/);
  });
});

describe('what a model reads of other people’s text', () => {
  it('has nothing in it that no reader would see', () => {
    expect(doneText('x', { id: 'a', name: 'Ada\u202Eecilla\u200B\u{E0041}' })).toBe('x: done, a\n{"id":"a","name":"Adaecilla"}');
  });
});

describe('what a model reads of a failure', () => {
  const details = { operation: 'close.lead.get', what: 'it went wrong', next: 'Run "skillrouter doctor".' };

  it('is the steps in place of what speaks to people', () => {
    const error = new RouterError('rate_limited', { ...details, steps: [{ do: 'wait', ms: 10 }] });
    expect(failedText(error.toJSON())).toBe(
      'rate_limited: close.lead.get: it went wrong.\ndo this, then call again: [{"do":"wait","ms":10}]',
    );
  });

  it('keeps the sentence where there are none', () => {
    expect(failedText(new RouterError('internal', details).toJSON())).toBe(
      'internal: close.lead.get: it went wrong. Run "skillrouter doctor".',
    );
  });

  it('never invites to repeat a write that may have happened', () => {
    const next = 'Do not simply repeat it.';
    const error = new RouterError('outcome_unknown', { ...details, next, steps: [{ do: 'look', with: ['close.lead.list'] }] });
    expect(failedText(error.toJSON())).toBe(
      'outcome_unknown: close.lead.get: it went wrong. Do not simply repeat it.\nnext: [{"do":"look","with":["close.lead.list"]}]',
    );
  });
});
