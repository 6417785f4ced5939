/** Calls as a record of what was said; nothing here dials. Source: developer.close.com/api/resources/activities/call */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { aboutActivity, activity, activityFilters, checkOrder } from './activity-fields.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { ONE_KIND, ORGANIZATION } from './omissions.ts';
import { checkNote } from './rules.ts';
import { httpsUrl, phoneNumber, richText } from './shared.ts';

const callId = id('acti', 'The call, from call.list');
const CLEARS = '; null clears';
/** Close's own bound on a call's length: a week. */
const LONGEST_SECONDS = 604_800;

const status = z
  .enum(['created', 'in-progress', 'completed', 'cancel', 'no-answer', 'busy', 'failed', 'timeout'])
  .optional()
  .describe('What became of the call: created, in-progress, completed (default), cancel, no-answer, busy, failed, timeout');

/** What an answer of Close can hold. Source: developer.close.com/api/resources/activities/call */
const disposition = z
  .enum(['answered', 'no-answer', 'vm-answer', 'vm-left', 'busy', 'blocked', 'error', 'abandoned'])
  .optional()
  .describe(
    'Outcome of the call: answered, no-answer, vm-answer, vm-left, busy, blocked, error, abandoned. The app derives it from status; give it only for an outcome that no status says',
  );

const content = {
  ...aboutActivity,
  status,
  duration: z.int().min(0).max(LONGEST_SECONDS).optional().describe('Length in seconds, 0–604800'),
  phone: phoneNumber('Number of the other party').nullable().optional(),
  note: z.string().nullable().optional().describe(`What was said, plain text${CLEARS}`),
  note_html: richText('What was said, rich').nullable().optional(),
  outcome_id: id('outcome', `Outcome, from outcome.list${CLEARS}`).nullable().optional(),
  recording_url: httpsUrl('MP3 recording').nullable().optional(),
  voicemail_url: z.url().nullable().optional().describe(`Voicemail recording, URL${CLEARS}`),
  activity_at: instant('When the call was; default now').optional(),
  playbook_id: z.string().min(1).nullable().optional().describe(`Playbook that was followed, id of Close${CLEARS}`),
  conversation_type_id: z.string().min(1).nullable().optional().describe(`Kind of conversation, id of Close${CLEARS}`),
  quality_info: z.string().nullable().optional().describe(`Remark on the line's quality${CLEARS}`),
};

/** A call as the app returns it. */
export const call = activity.extend({
  direction: answer.text('inbound: they called; outbound: we called'),
  status: answer.text('What became of the call: created, in-progress, completed, cancel, no-answer, busy, failed or timeout'),
  disposition: answer.text('answered, no-answer, vm-answer, vm-left, busy, blocked, error or abandoned; follows from status'),
  call_method: answer.text('How it was made: regular, power, predictive, or external for logged calls'),
  source: answer.text('External for logged calls, Close.io for calls made in Close'),
  duration: answer.number('Length in seconds'),
  phone: answer.text('Number of the other party, E.164'),
  ...answer.numbers,
  note: answer.text('What was said, plain text'),
  note_html: answer.text('The same, HTML in one <body> root'),
  outcome_id: answer.ref('outcome', 'Outcome'),
  recording_url: answer.text('Recording, URL'),
  voicemail_url: answer.text('Voicemail recording, URL'),
  voicemail_duration: answer.number('Length of the voicemail in seconds'),
  cost: answer.text('US cents, as text'),
  dialer_id: answer.text('The run of the power dialer that made it'),
  dialer_saved_search_id: answer.ref('save', 'The smart view that the dialer worked through'),
  ...answer.fromSequence,
});

export const callList = operation({
  app: 'close',
  id: 'call.list',
  summary: 'List calls, of one lead, contact or user or of all',
  input: z.strictObject({ ...activityFilters, ...paging, fields }).superRefine(checkOrder),
  output: listOf(call),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: ONE_KIND,
  http: { method: 'GET', path: '/activity/call/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', date_created__gte: '2026-03-01' },
});

export const callCreate = operation({
  app: 'close',
  id: 'call.create',
  summary: 'Record a call that was made outside Close; does not dial (call.log is the short form)',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead that was called; required here, because a call without one hangs nowhere'),
      direction: z.enum(['inbound', 'outbound']).optional().describe('inbound: they called; outbound: we called'),
      ...content,
      disposition,
      source: z.enum(['External', 'Close.io']).optional().describe('Import only; logged calls are External'),
      created_by_id: id('user', 'Import only: who made it').optional(),
      date_created: instant('Import only: when it was made').optional(),
    })
    .superRefine(checkNote),
  output: call,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'call.list', by: ['lead_id'], same: ['direction', 'duration', 'phone', 'note', 'contact_id'] },
  omissions: ORGANIZATION,
  http: {
    method: 'POST',
    path: '/activity/call/',
    omits: ['disposition'],
    // The status from which Close derives the disposition; it derives no other disposition for certain. Source: backends/close-rest.md §21
    restates: {
      disposition: { answered: { status: 'completed' }, 'no-answer': { status: 'no-answer' }, busy: { status: 'busy' } },
    },
  },
  example: {
    lead_id: 'lead_7mKqcZb5WvV0ExampleLead',
    direction: 'outbound',
    status: 'completed',
    duration: 184,
    phone: '+14155550132',
    note: 'Confirmed budget owner.',
  },
  pitfalls: [
    'duration is in seconds, not minutes.',
    'status is spelled with hyphens: no-answer, in-progress.',
    'disposition vm-left, vm-answer, blocked, error and abandoned follow from no status: only a route whose tool takes a disposition records them, and explain says which.',
  ],
});

export const callGet = operation({
  app: 'close',
  id: 'call.get',
  summary: 'Read one call: direction, status, duration, note',
  input: z.strictObject({ call_id: callId, fields }),
  output: call,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/activity/call/{call_id}/' },
  example: { call_id: 'acti_dI26ExampleCall' },
  pitfalls: ['Transcripts come only when they are named in fields.'],
});

export const callUpdate = operation({
  app: 'close',
  id: 'call.update',
  summary: 'Change the record of a call: note, outcome, duration, status',
  input: z
    .strictObject({ call_id: callId, lead_id: id('lead', 'Moves the call to this lead').optional(), ...content })
    .superRefine(checkNote),
  output: call,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'call.get' },
  undo: { how: 'restore', read: 'call.get', instead: { note: 'note_html' } },
  http: { method: 'PUT', path: '/activity/call/{call_id}/' },
  example: { call_id: 'acti_dI26ExampleCall', note: 'Confirmed budget owner; send the agreement.' },
  pitfalls: [
    'Status and duration of calls made in Close itself cannot change.',
    'direction cannot change: delete the call and log it again.',
  ],
});

export const callDelete = operation({
  app: 'close',
  id: 'call.delete',
  summary: 'Delete the record of a call',
  input: z.strictObject({ call_id: callId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'call.get' },
  http: { method: 'DELETE', path: '/activity/call/{call_id}/' },
  example: { call_id: 'acti_dI26ExampleCall' },
  pitfalls: ['Cannot be undone.', 'Reads can show the call for up to a minute afterwards.'],
});
