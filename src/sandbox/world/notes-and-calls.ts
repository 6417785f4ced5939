import { activityKind, imported } from './activity-base.ts';
import { anything, flag, httpsUrl, listOf, oneOf, phone, ref, rich, shape, solid, text, whole } from './checks.ts';
import { mongoTime } from './clock.ts';
import { verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { phoneFields } from './phone.ts';
import { type Row, textOf } from './row.ts';
import { richText, settleNote } from './text.ts';

export const attachments = listOf(shape({ url: text(), filename: text(), content_type: text() }, ['url']), 100);

const MAX_CALL_SECONDS = 604_800;

export const note: Kind = activityKind({
  noun: 'note',
  type: 'Note',
  event: () => 'activity.note',
  required: ['lead_id'],
  fields: { note: text(), note_html: rich, title: text(), pinned: flag, attachments },
  onCreate: { ...imported, lead_id: solid(ref('lead')) },
  defaults: () => ({
    note: '',
    note_html: richText(''),
    note_mentions: [],
    title: null,
    pinned: false,
    pinned_at: null,
    attachments: [],
    source: 'api',
  }),
  settle: (scope, row, { body, before }) => ({ ...row, ...settleNote(body, 'note', 'note_html'), pinned_at: pinnedAt(scope, row, before) }),
});

function pinnedAt(scope: Scope, row: Row, before: Row | undefined): unknown {
  if (row['pinned'] !== true) return null;
  return before?.['pinned'] === true ? before['pinned_at'] : mongoTime(scope.at);
}

const CALL_STATUSES = ['created', 'in-progress', 'completed', 'cancel', 'no-answer', 'busy', 'failed', 'timeout'];
/** guess: statuses beside these three give `error`. */
const DISPOSITIONS: Readonly<Record<string, string>> = { completed: 'answered', 'no-answer': 'no-answer', busy: 'busy' };
const OUTCOMES = ['answered', 'no-answer', 'vm-answer', 'vm-left', 'busy', 'blocked', 'error', 'abandoned'];
const UNFINISHED: ReadonlySet<string> = new Set(['created', 'in-progress']);

export const call: Kind = activityKind({
  noun: 'call',
  type: 'Call',
  event: () => 'activity.call',
  fields: {
    lead_id: ref('lead'),
    status: solid(oneOf(CALL_STATUSES)),
    duration: solid(whole(0, MAX_CALL_SECONDS)),
    note: text(),
    note_html: rich,
    phone,
    outcome_id: ref('outcome'),
    recording_url: httpsUrl,
    voicemail_url: httpsUrl,
    playbook_id: anything,
    conversation_type_id: anything,
    quality_info: anything,
  },
  onCreate: {
    ...imported,
    disposition: solid(oneOf(OUTCOMES)),
    direction: solid(oneOf(['inbound', 'outbound'])),
    source: solid(oneOf(['External', 'Close.io'])),
  },
  defaults: (_, body) => ({
    direction: 'outbound', // guess: the direction of a call logged without one
    status: statusFor(body['disposition']),
    call_method: 'external',
    duration: 0,
    phone: null,
    note: '',
    note_html: richText(''),
    outcome_id: null,
    recording_url: null,
    voicemail_url: null,
    voicemail_duration: null,
    cost: '0',
    dialer_id: null,
    dialer_saved_search_id: null,
  }),
  settle: (_, row, { body, before }) => ({
    ...row,
    ...settleNote(body, 'note', 'note_html'),
    source: 'External',
    disposition: dispositionOf(row, before),
    ...phoneFields('remote', row['phone']),
    ...phoneFields('local', null),
  }),
});

/** guess: a call that came with a disposition keeps it until its status changes. */
function dispositionOf(row: Row, before: Row | undefined): unknown {
  const given = row['disposition'];
  if (given !== undefined && (before === undefined || before['status'] === row['status'])) return given;
  const status = textOf(row, 'status');
  return UNFINISHED.has(status) ? null : (DISPOSITIONS[status] ?? 'error');
}

/** guess: what Composio's tool makes of a disposition that no status gives. */
function statusFor(disposition: unknown): string {
  return Object.keys(DISPOSITIONS).find((status) => DISPOSITIONS[status] === disposition) ?? 'completed';
}

export const noteAndCallHandlers: Handlers = {
  ...verbs(note, ['list', 'create', 'get', 'update', 'delete']),
  ...verbs(call, ['list', 'create', 'get', 'update', 'delete']),
};
