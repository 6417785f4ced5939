/** Sequences (the product calls them workflows). Source: developer.close.com/api/resources/sequences */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf, paging } from './fields.ts';
import { NO_PAGES } from './omissions.ts';
import { DELETE, READ, UPDATE } from './shapes.ts';

const sequenceId = id('seq', 'The sequence');
const EXAMPLE_ID = 'seq_esLP7QfExampleSequence';

const timeOfDay = (description: string) =>
  z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time HH:MM')
    .describe(`${description}, HH:MM`);

const schedule = z
  .strictObject({
    ranges: z
      .array(
        z.strictObject({
          weekday: z.int().min(1).max(7).describe('Day of the week, 1 Monday to 7 Sunday'),
          start: timeOfDay('First minute'),
          end: timeOfDay('Last minute'),
        }),
      )
      .describe('When steps may run'),
  })
  .nullable()
  .optional()
  .describe('Hours in which the sequence works; null means always');

const step = z.strictObject({
  id: id('seqstep', 'An existing step to keep; leave out for a new one').optional(),
  step_type: z
    .string()
    .regex(/^[a-z_]+$/)
    .optional()
    .describe('What the step does, seen: email, call, sms'),
  delay: z.int().min(0).optional().describe('Seconds after the previous step'),
  required: z.boolean().optional().describe('Whether the sequence waits for the step'),
  email_template_id: id('tmpl', 'The template of an email step').nullable().optional(),
  threading: z
    .enum(['old_thread', 'new_thread'])
    .nullable()
    .optional()
    .describe('Whether an e-mail continues the thread of the one before'),
});

const name = z.string().min(1).max(1000).describe('Name of the sequence');
const timezone = z.string().max(100).optional().describe('IANA time zone such as Europe/Oslo');
const steps = z.array(step).optional();

const returnedStep = z.looseObject({
  id: answer.ref('seqstep', 'The step'),
  step_type: answer.text('What it does, seen: email, call, sms'),
  delay: answer.number('Seconds after the previous step'),
  required: answer.flag('The sequence waits for it'),
  step_allowed_delay: answer.number('How late it may run, in seconds; null means however late'),
  email_template_id: answer.ref('tmpl', 'The template of an e-mail step'),
  threading: answer.text('Whether an e-mail continues the thread of the one before: old_thread or new_thread'),
  ...answer.utcIdStamps,
});

const returnedRange = z.looseObject({
  weekday: answer.number('Day of the week, 1 Monday to 7 Sunday'),
  start: answer.text('First minute, HH:MM'),
  end: answer.text('Last minute, HH:MM'),
});

/** A sequence as the app returns it. */
const sequence = z.looseObject({
  id: sequenceId,
  name: answer.text('Name of the sequence'),
  status: answer.text('active runs and sends, paused is held, draft has not begun'),
  timezone: answer.text('IANA time zone in which the hours are meant'),
  schedule: z
    .looseObject({ ranges: answer.list(returnedRange, 'When steps may run') })
    .nullish()
    .describe('Hours in which it works; null means always'),
  steps: answer.list(returnedStep, 'Its steps, in order'),
  subscription_counts_by_status: z
    .record(z.string(), z.number())
    .nullish()
    .describe('How many enrolments have each status: active, paused, finished, goal, error; not in lists'),
  ...answer.utcIdStamps,
});

export const sequenceList = operation({
  app: 'close',
  id: 'sequence.list',
  summary: 'List sequences (workflows)',
  input: z.strictObject({ ...paging, fields }),
  output: listOf(sequence),
  ...READ,
  http: { method: 'GET', path: '/sequence/' },
  example: { limit: 50 },
});

export const sequenceGet = operation({
  app: 'close',
  id: 'sequence.get',
  summary: 'Read one sequence with its steps and how many contacts are in it',
  input: z.strictObject({ sequence_id: sequenceId }),
  output: sequence,
  ...READ,
  omissions: NO_PAGES,
  http: { method: 'GET', path: '/sequence/{sequence_id}/' },
  example: { sequence_id: EXAMPLE_ID },
});

export const sequenceCreate = operation({
  app: 'close',
  id: 'sequence.create',
  summary: 'Create a sequence with its steps and hours',
  input: z.strictObject({ name, timezone, schedule, steps: steps.describe('The steps in order') }),
  output: sequence,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'sequence.list', by: [], same: ['name'] },
  undo: {
    how: 'delete',
    operation: 'sequence.delete',
    id: 'sequence_id',
    read: 'sequence.get',
    under: [{ list: 'sequence_subscription.list', by: 'sequence_id' }],
  },
  http: { method: 'POST', path: '/sequence/' },
  example: { name: 'Inbound follow-up', timezone: 'Europe/Oslo', steps: [{ step_type: 'call', delay: 0, required: true }] },
  core: false,
});

export const sequenceUpdate = operation({
  app: 'close',
  id: 'sequence.update',
  summary: 'Change, pause or activate a sequence',
  input: z.strictObject({
    sequence_id: sequenceId,
    name: name.optional(),
    status: z.enum(['active', 'paused', 'draft']).optional().describe('active runs the sequence and sends, paused holds it'),
    steps: steps.describe('All steps in order, replacing the whole list: a step that is left out is deleted'),
  }),
  output: sequence,
  ...UPDATE,
  sends: (input) => input['status'] === 'active',
  confirm: { how: 'read-back', read: 'sequence.get' },
  http: { method: 'PUT', path: '/sequence/{sequence_id}/' },
  example: { sequence_id: EXAMPLE_ID, name: 'Inbound follow-up, Europe' },
  pitfalls: ['steps is replaced whole: read the sequence first and give every step to keep, by id. Without steps none is touched.'],
  core: false,
});

export const sequenceDelete = operation({
  app: 'close',
  id: 'sequence.delete',
  summary: 'Delete a sequence',
  input: z.strictObject({ sequence_id: sequenceId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'sequence.get' },
  http: { method: 'DELETE', path: '/sequence/{sequence_id}/' },
  example: { sequence_id: EXAMPLE_ID },
  core: false,
});
