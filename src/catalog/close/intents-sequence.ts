/** Enrolling, pausing and resuming without doing it twice. */
import { z } from 'zod';
import { RouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../contract/guards.ts';
import { intent } from '../operation.ts';
import { contactId, enrolment, sequenceId, subscription, subscriptionId } from './sequence-subscription.ts';

type Call = (operation: string, input: JsonObject) => Promise<unknown>;

const result = subscription.extend({ already: z.boolean().describe('true: it was so before, and nothing was written') });

const LIVE: readonly (string | undefined)[] = ['active', 'paused'];
const PAGE = 100;
/** As many enrolments of one pair as anybody has; past it something answers the same page for ever. */
const MAX_PAGES = 20;

export const sequenceEnrol = intent({
  app: 'close',
  id: 'sequence.enrol',
  summary: 'Enrol a contact in a sequence, unless it is enrolled already',
  input: z.strictObject(enrolment),
  output: result,
  effect: 'write',
  sends: () => true,
  operation: 'sequence_subscription.create',
  run: async (input, call) => {
    const [live] = await enrolments(input, call);
    if (live) return { ...live, already: true };
    return { ...asObject(await call('sequence_subscription.create', input)), already: false };
  },
  example: { sequence_id: 'seq_esLP7QfExampleSequence', contact_id: 'cont_DsxVZ9ghExampleContact' },
  pitfalls: ['A paused enrolment counts as enrolled: resume it with sequence.resume.'],
});

const which = z
  .strictObject({
    subscription_id: subscriptionId.optional(),
    sequence_id: sequenceId.optional(),
    contact_id: contactId.optional(),
  })
  .refine(
    ({ subscription_id, sequence_id, contact_id }) =>
      subscription_id === undefined
        ? sequence_id !== undefined && contact_id !== undefined
        : sequence_id === undefined && contact_id === undefined,
    { message: 'needs subscription_id alone, or sequence_id and contact_id', path: ['subscription_id'] },
  );

export const sequencePause = intent({
  app: 'close',
  id: 'sequence.pause',
  summary: 'Pause the enrolment of a contact in a sequence; no further step is sent',
  input: which,
  output: result,
  effect: 'write',
  operation: 'sequence_subscription.update',
  run: (input, call) => change(input, 'paused', call),
  example: { subscription_id: 'sub_NLfZyNogExampleEnrolment' },
});

export const sequenceResume = intent({
  app: 'close',
  id: 'sequence.resume',
  summary: 'Resume a paused enrolment; its steps are sent again',
  input: which,
  output: result,
  effect: 'write',
  sends: () => true,
  operation: 'sequence_subscription.update',
  run: (input, call) => change(input, 'active', call),
  example: { sequence_id: 'seq_esLP7QfExampleSequence', contact_id: 'cont_DsxVZ9ghExampleContact' },
});

async function change(input: JsonObject, status: 'active' | 'paused', call: Call): Promise<JsonObject> {
  const current = await meant(input, call);
  if (stringAt(current, 'status') === status) return { ...current, already: true };
  const changed = await call('sequence_subscription.update', { subscription_id: stringAt(current, 'id'), status });
  return { ...asObject(changed), already: false };
}

/** The one enrolment that the input names, by id or by its pair. */
async function meant(input: JsonObject, call: Call): Promise<JsonObject> {
  const named = stringAt(input, 'subscription_id');
  if (named) return asObject(await call('sequence_subscription.get', { subscription_id: named }));
  const [first, ...others] = await enrolments(input, call);
  if (first === undefined)
    throw new RouterError('not_found', {
      what: 'the contact has no active or paused enrolment in this sequence',
      next: 'Enrol it with sequence.enrol.',
    });
  if (others.length > 0)
    throw new RouterError('invalid_input', {
      what: 'the contact is enrolled in this sequence several times',
      next: 'Name one by subscription_id.',
      choices: [first, ...others].map((one) => stringAt(one, 'id')).filter((id) => id !== undefined),
    });
  return first;
}

/** The active and paused enrolments of the pair, all pages of them; an answer that ignored the filter is filtered here. */
async function enrolments(pair: JsonObject, call: Call): Promise<readonly JsonObject[]> {
  const { sequence_id, contact_id } = pair;
  const found: JsonObject[] = [];
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = asObject(await call('sequence_subscription.list', { sequence_id, contact_id, limit: PAGE, skip: page * PAGE }));
    const data = Array.isArray(answer['data']) ? answer['data'].filter(isObject) : [];
    found.push(...data.filter((one) => one['sequence_id'] === sequence_id && one['contact_id'] === contact_id));
    if (answer['has_more'] !== true) break;
  }
  return found.filter((one) => LIVE.includes(stringAt(one, 'status')));
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new RouterError('reply_unexpected', { what: 'the answer is not an object', next: 'Look in Close before you try again.' });
}
