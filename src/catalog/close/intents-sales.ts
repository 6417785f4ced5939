/** Steps of selling that take more than one call, or one that is easily made wrong. */
import { z } from 'zod';
import { RouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../contract/guards.ts';
import { intent } from '../operation.ts';
import { contact, details } from './contact.ts';
import { custom, dayOrInstant, id } from './fields.ts';
import { dialled, fold } from './intents-lead.ts';
import { opportunity } from './opportunity.ts';
import { itemsOf, objectOf } from './replies.ts';
import { task } from './task.ts';

type Call = (operation: string, input: JsonObject) => Promise<unknown>;

export const taskComplete = intent({
  app: 'close',
  id: 'task.complete',
  summary: 'Mark a task as done',
  input: z.strictObject({ task_id: id(['task', 'noti'], 'The task, from task.list') }),
  output: task,
  effect: 'write',
  operation: 'task.update',
  run: (input, call) => call('task.update', { ...input, is_complete: true }),
  example: { task_id: 'task_5kLmExampleTask' },
});

const addition = z.strictObject({ contact_id: id('cont', 'The contact to add to'), ...details });

/** What makes two entries of a list the same one to people. */
const SAME = {
  emails: { field: 'email', key: (value: string): string => fold(value) ?? '' },
  phones: { field: 'phone', key: dialled },
  urls: { field: 'url', key: (value: string): string => fold(value) ?? '' },
} as const;

export const contactAddDetails = intent({
  app: 'close',
  id: 'contact.add_details',
  summary: 'Add e-mail addresses, phone numbers or web addresses to a contact; what is there stays',
  input: addition.superRefine((input, context) => {
    if (!input.emails?.length && !input.phones?.length && !input.urls?.length)
      context.addIssue({ code: 'custom', path: [], message: 'needs at least one of emails, phones, urls' });
  }),
  output: contact,
  effect: 'write',
  operation: 'contact.update',
  run: async (input, call) => {
    const { contact_id } = addition.parse(input);
    const before = objectOf(await call('contact.get', { contact_id }), 'contact.get');
    const changes = Object.fromEntries(
      Object.entries(SAME).flatMap(([list, same]) => {
        const merged = withAdded(listAt(before, list), listAt(input, list), same);
        return merged ? [[list, merged]] : [];
      }),
    );
    return Object.keys(changes).length === 0 ? before : call('contact.update', { contact_id, ...changes });
  },
  example: { contact_id: 'cont_3nQwExampleContact', emails: [{ email: 'i.solheim@northpine.example', type: 'office' }] },
  pitfalls: [
    'Close can only replace such a list whole, so this reads it first: somebody who changes the same contact in that moment can be overwritten.',
    'What is there already, in whatever case or spacing, is not added again.',
  ],
});

/** The whole list to write, or undefined when nothing is new. */
function withAdded(
  present: readonly JsonObject[],
  added: readonly JsonObject[],
  { field, key }: { readonly field: string; readonly key: (value: string) => string },
): readonly JsonObject[] | undefined {
  const kept = present.map((entry) => writable(entry, field)).filter((entry) => entry !== undefined);
  const keys = new Set(kept.map((entry) => key(String(entry[field]))));
  const fresh = added.filter((entry) => {
    const own = key(String(entry[field]));
    return !keys.has(own) && keys.add(own);
  });
  return fresh.length === 0 ? undefined : [...kept, ...fresh];
}

/** An entry without what Close derives and does not take back. An entry without value holds nothing to keep. */
function writable(entry: JsonObject, field: string): JsonObject | undefined {
  const value = stringAt(entry, field);
  const type = stringAt(entry, 'type');
  return value ? { [field]: value, ...(type ? { type } : {}) } : undefined;
}

function listAt(holder: JsonObject, list: string): readonly JsonObject[] {
  const found = holder[list];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

const closing = {
  opportunity_id: id('oppo', 'The opportunity'),
  custom: custom.optional(),
};

export const opportunityWin = intent({
  app: 'close',
  id: 'opportunity.win',
  summary: 'Close an opportunity as won, with the won status of its own pipeline',
  input: z.strictObject({
    ...closing,
    status_id: id('stat', 'Which won status of the pipeline, when it has several').optional(),
    date_won: dayOrInstant('When it was won; default is the date it has, or today').optional(),
  }),
  output: opportunity,
  effect: 'write',
  operation: 'opportunity.update',
  run: (input, call) => settle('won', input, call),
  example: { opportunity_id: 'oppo_8vRtExampleDeal', date_won: '2026-03-09' },
  pitfalls: ['An open deal with an estimated close date keeps that date as date_won unless date_won is given.'],
});

export const opportunityLose = intent({
  app: 'close',
  id: 'opportunity.lose',
  summary: 'Close an opportunity as lost, with the lost status of its own pipeline',
  input: z.strictObject({ ...closing, status_id: id('stat', 'Which lost status of the pipeline, when it has several').optional() }),
  output: opportunity,
  effect: 'write',
  operation: 'opportunity.update',
  run: (input, call) => settle('lost', input, call),
  example: { opportunity_id: 'oppo_8vRtExampleDeal' },
});

interface Status {
  readonly id: string;
  readonly label: string;
}

async function settle(type: 'won' | 'lost', input: JsonObject, call: Call): Promise<unknown> {
  const { opportunity_id } = input;
  const current = objectOf(await call('opportunity.get', { opportunity_id }), 'opportunity.get');
  // pipeline.get exists only in the newer half of Close's reference; the list always worked.
  const pipelines = itemsOf(await call('pipeline.list', {}), 'pipeline.list');
  const own = pipelines.find((one) => one['id'] === current['pipeline_id']);
  const status_id = choose(type, statusesOf(own, type), { given: stringAt(input, 'status_id'), current: stringAt(current, 'status_id') });
  return call('opportunity.update', { ...input, status_id });
}

function statusesOf(pipeline: JsonObject | undefined, type: string): readonly Status[] {
  const statuses = listAt(pipeline ?? {}, 'statuses').filter((one) => one['type'] === type);
  return statuses.map((one) => ({ id: String(one['id']), label: stringAt(one, 'label') ?? '' }));
}

/** The status to set: the one given, the one it has already, or the only one there is. Never a guess among several. */
function choose(
  type: 'won' | 'lost',
  statuses: readonly Status[],
  { given, current }: { readonly given: string | undefined; readonly current: string | undefined },
): string {
  const ids = statuses.map((one) => one.id);
  if (given !== undefined && ids.includes(given)) return given;
  if (given === undefined && current !== undefined && ids.includes(current)) return current;
  const [only, ...others] = ids;
  if (given === undefined && only !== undefined && others.length === 0) return only;
  throw undecided(type, statuses, given);
}

function undecided(type: 'won' | 'lost', statuses: readonly Status[], given: string | undefined): RouterError {
  const operation = `close.opportunity.${type === 'won' ? 'win' : 'lose'}`;
  const choices = statuses.map(({ id: status, label }) => `${status} (${label})`);
  if (statuses.length === 0) {
    const what = `the pipeline of this opportunity has no status of type ${type}`;
    return new RouterError('conflict', { operation, what, next: 'Add one to the pipeline with opportunity_status.create.' });
  }
  const problem =
    given === undefined
      ? `is required: the pipeline has several ${type} statuses`
      : `must be a ${type} status of the opportunity's pipeline`;
  return new RouterError('invalid_input', {
    operation,
    what: `status_id: ${problem}`,
    next: `Call again with one of ${choices.join(', ')} as status_id; nothing was changed.`,
    fields: [{ path: 'status_id', problem, expected: statuses.map((one) => one.id).join(' | ') }],
    choices,
  });
}
