/** Tasks: to-dos and calls to make, at a lead. Source: developer.close.com/api/resources/tasks */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { dayOrInstant, deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { DUE_DATE, ORGANIZATION, TASK_FILTERS } from './omissions.ts';
import { refuse } from './rules.ts';
import { range } from './shared.ts';

/** `noti_` ids belong to tasks that Close made itself, for a missed call or an incoming message. */
const taskId = id(['task', 'noti'], 'The task, from task.list');

const TYPES = [
  'lead',
  'incoming_email',
  'email_followup',
  'missed_call',
  'answered_detached_call',
  'voicemail',
  'opportunity_due',
  'incoming_sms',
  'outgoing_call',
] as const;

const priority = z.enum(['high', 'medium']).optional().describe('high or medium');
const date = dayOrInstant('When it becomes due').optional();
const isComplete = z.boolean().optional().describe('Whether it is done');

const filters = {
  id: id(['task', 'noti'], 'Only this task').optional(),
  id__in: z
    .array(id(['task', 'noti'], 'A task'))
    .min(1)
    .max(100)
    .optional()
    .describe('Only these tasks'),
  lead_id: id('lead', 'Only tasks of this lead').optional(),
  assigned_to: id('user', 'Only tasks of this user').optional(),
  is_complete: z.boolean().optional().describe('Only done ones (true), or only open ones (false)'),
  _type: z
    .enum([...TYPES, 'all'])
    .optional()
    .describe('Only tasks of this type; default lead, all for every type'),
  _type__in: z.array(z.enum(TYPES)).min(1).optional().describe('Only tasks of any of these types'),
  view: z
    .enum(['inbox', 'future', 'archive'])
    .optional()
    .describe('inbox: open and due by today; future: open and due later; archive: done. inbox and future override date__lt and date__gte'),
  date: dayOrInstant('Only due at this time').optional(),
  ...range('date', 'is due'),
  ...range('date_created', 'was made'),
  ...range('date_updated', 'was last changed'),
};

/** A task as the app returns it. */
export const task = z.looseObject({
  id: id(['task', 'noti'], 'The task'),
  _type: answer.text(`Its type: ${TYPES.join(', ')}; all but lead and outgoing_call are made by Close only`),
  lead_id: answer.ref('lead', 'The lead it belongs to'),
  lead_name: answer.text('Name of the lead'),
  contact_id: answer.ref('cont', 'The person it is about'),
  contact_name: answer.text('Name of the person'),
  assigned_to: answer.ref('user', 'Who does it'),
  assigned_to_name: answer.text('Name of who does it'),
  text: answer.text('What to do'),
  date: answer.text('When it is due: date YYYY-MM-DD or ISO 8601 date-time, as it was given'),
  due_date: answer.text('The old name of date, with the same value'),
  is_dateless: answer.flag('It has no date'),
  is_complete: answer.flag('It is done'),
  priority: answer.text('high or medium'),
  resolution: answer.text('Why it was closed undone: abandoned or skipped'),
  view: answer.text('inbox: open and due by today; future: open and due later; archive: done'),
  object_type: answer.text('Kind of object that a task of Close is about, e.g. call'),
  object_id: answer.text('The object that a task of Close is about (acti_…, oppo_…)'),
  phone: answer.text('Tasks about a call or an SMS: number of the other party, E.164'),
  phone_formatted: answer.text('Tasks about a call or an SMS: that number as people read it'),
  phone_number_description: answer.text('Tasks about a call or an SMS: where that number is from'),
  local_phone: answer.text('Tasks about a call or an SMS: our number, E.164'),
  deduplication_key: answer.text('By which Close tells equal tasks of its own; cannot be set'),
  ...answer.stamps,
  ...answer.stampNames,
});

export const taskList = operation({
  app: 'close',
  id: 'task.list',
  summary: 'List or filter tasks; without _type only to-dos (lead tasks)',
  input: z.strictObject({
    ...filters,
    order_by: z.enum(['date', '-date', 'date_created', '-date_created']).optional().describe('Order; a minus means descending'),
    ...paging,
    fields,
  }),
  output: listOf(task),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: TASK_FILTERS,
  http: { method: 'GET', path: '/task/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', is_complete: false, order_by: 'date' },
  pitfalls: ['Without _type only lead tasks come back: calls to make and missed calls need _type or _type "all".'],
});

export const taskCreate = operation({
  app: 'close',
  id: 'task.create',
  summary: 'Create a to-do at a lead, or a task to call one of its contacts',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead of the task'),
      _type: z.enum(['lead', 'outgoing_call']).optional().describe('lead: a to-do (default); outgoing_call: a call to make'),
      text: z.string().min(1).optional().describe('What to do; required for a to-do'),
      contact_id: id('cont', 'The person it is about; required for outgoing_call').optional(),
      assigned_to: id('user', 'Who does it; default is the caller').nullable().optional(),
      date,
      is_dateless: z.boolean().optional().describe('It has no date'),
      is_complete: isComplete,
      priority,
      disable_notification: z.boolean().optional().describe('Do not notify who it is assigned to'),
      agent_config_id: z.string().min(1).nullable().optional().describe('outgoing_call only: the calling agent'),
      created_by: id('user', 'Import only: who made it').optional(),
      date_created: instant('Import only: when it was made').optional(),
      fields,
    })
    .superRefine((input, context) => {
      if (input._type === 'outgoing_call' && !input.contact_id)
        refuse(context, 'contact_id', 'is required for a task of type outgoing_call: whom to call');
      if (input._type !== 'outgoing_call' && !input.text) refuse(context, 'text', 'is required for a task of type lead: what to do');
    }),
  output: task,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'task.list', by: ['lead_id', '_type'], same: ['text', 'date', 'assigned_to', 'contact_id'] },
  omissions: { ...ORGANIZATION, ...DUE_DATE },
  http: { method: 'POST', path: '/task/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', text: 'Send the pilot agreement', date: '2026-03-09' },
  pitfalls: ['date keeps its precision: a date is due that day, a date-time at that minute.', 'The field is date; Close dropped due_date.'],
});

export const taskGet = operation({
  app: 'close',
  id: 'task.get',
  summary: 'Read one task',
  input: z.strictObject({ task_id: taskId, fields }),
  output: task,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/task/{task_id}/' },
  example: { task_id: 'task_5kLmExampleTask' },
});

export const taskUpdate = operation({
  app: 'close',
  id: 'task.update',
  summary: 'Change a task: assignee, date, text, done or not (task.complete is the short form)',
  input: z.strictObject({
    task_id: taskId,
    text: z.string().min(1).optional().describe('What to do; only to-dos (lead tasks) have a text that can change'),
    date,
    is_dateless: z.boolean().optional().describe('true takes the date away'),
    is_complete: isComplete,
    assigned_to: id('user', 'Who does it').optional(),
    priority,
    resolution: z
      .enum(['abandoned', 'skipped'])
      .nullable()
      .optional()
      .describe('Why it was closed undone: abandoned or skipped; null clears'),
    contact_id: id('cont', 'The person it is about; null clears').nullable().optional(),
    lead_id: id('lead', 'Moves the task to this lead').optional(),
    agent_config_id: z.string().min(1).nullable().optional().describe('outgoing_call only: the calling agent; null clears'),
    created_by: id('user', 'Import only: who made it').optional(),
    fields,
  }),
  output: task,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'task.get' },
  omissions: { ...ORGANIZATION, ...DUE_DATE },
  http: { method: 'PUT', path: '/task/{task_id}/' },
  example: { task_id: 'task_5kLmExampleTask', is_complete: true },
  pitfalls: ['text is ignored on tasks that are not lead tasks.'],
});

export const taskDelete = operation({
  app: 'close',
  id: 'task.delete',
  summary: 'Delete a task; to close it use task.complete',
  input: z.strictObject({ task_id: taskId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'task.get' },
  http: { method: 'DELETE', path: '/task/{task_id}/' },
  example: { task_id: 'task_5kLmExampleTask' },
  pitfalls: ['Cannot be undone.', 'Reads can show the task for up to a minute afterwards.'],
});

export const taskBulkUpdate = operation({
  app: 'close',
  id: 'task.bulk_update',
  summary: 'Change the assignee, date or completion of every task that matches a filter',
  input: z.strictObject({
    where: z
      .strictObject(filters)
      .superRefine((where, context) => {
        if (narrows(where)) return;
        const message = 'needs at least one filter besides _type "all": without one, ALL tasks of the organization would change';
        context.addIssue({ code: 'custom', path: [], message });
      })
      .describe('Which tasks: the filters of task.list, at least one'),
    set: z
      .strictObject({ assigned_to: id('user', 'Who does them').optional(), date, is_complete: isComplete })
      .refine((set) => Object.values(set).some((value) => value !== undefined), 'needs at least one of assigned_to, date, is_complete')
      .describe('What to change; Close takes only these three here'),
  }),
  output: z.looseObject({ ok: z.boolean().optional().describe('Close answers nothing else: list the tasks to see the effect') }),
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'none', why: 'the answer names no tasks, and the filter may not match them any more; list the tasks that were meant' },
  undo: { how: 'none', why: 'the answer names no tasks, and nothing tells what each of them was before' },
  http: { method: 'PUT', path: '/task/', queryField: 'where', bodyField: 'set' },
  example: {
    where: { assigned_to: 'user_1aBcExampleLeaver', is_complete: false },
    set: { assigned_to: 'user_2dEfExampleSuccessor' },
  },
  pitfalls: ['Run task.list with the same filter first and count.', 'Without _type only lead tasks are meant.'],
  core: false,
});

function narrows(where: { readonly [filter: string]: unknown }): boolean {
  return Object.entries(where).some(([name, value]) => value !== undefined && !(name === '_type' && value === 'all'));
}
