import type { JsonObject } from '../../contract/guards.ts';
import { activityKind, imported } from './activity-base.ts';
import { email as address, anything, flag, instant, listOf, mailbox, oneOf, phone, ref, solid, text, whole } from './checks.ts';
import { drop, make, patch, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { attachments } from './notes-and-calls.ts';
import { phoneFields } from './phone.ts';
import { refuseField } from './refuse.ts';
import { asList, type Row, textOf, without } from './row.ts';
import { find, keep, rowsOf } from './rows.ts';
import { fillTags, isDue, MESSAGE_STATUSES, refuseLateEdit, refuseUnscheduled, scheduleSending, sentAt } from './sending.ts';
import { plainText } from './text.ts';

const LEAVING: ReadonlySet<string> = new Set(['outbox', 'scheduled']);
const NEEDS_SENDER: ReadonlySet<string> = new Set(['inbox', 'scheduled', 'outbox', 'error']);
const sending = { date_scheduled: instant, send_in: whole(0, 59) };

export const sms: Kind = activityKind({
  noun: 'sms',
  type: 'SMS',
  event: () => 'activity.sms',
  required: ['status'],
  outside: ['send_to_inbox'],
  fields: {
    ...sending,
    lead_id: ref('lead'),
    status: solid(oneOf(MESSAGE_STATUSES)),
    text: text(),
    template_id: ref('sms_template'),
    local_phone: phone,
    remote_phone: phone,
    attachments,
  },
  onCreate: { ...imported, direction: solid(oneOf(['inbound', 'outbound'])), source: solid(oneOf(['External', 'Close.io'])) },
  defaults: (_, body) => ({
    direction: body['status'] === 'inbox' ? 'inbound' : 'outbound',
    source: LEAVING.has(String(body['status'])) ? 'Close.io' : 'External',
    text: null,
    template_id: null,
    cost: '0',
    date_scheduled: null,
    date_sent: null,
    error_message: null,
    attachments: [],
  }),
  settle: (scope, row, { body, before }) => {
    refuseLateEdit('SMS', body, before);
    refuseUnscheduled(row);
    const filled = { ...without(row, ['send_in']), id: row.id, text: row['text'] ?? smsText(scope, row) };
    if (LEAVING.has(textOf(row, 'status'))) refuseUnsendable(scope, filled);
    return {
      ...filled,
      cost: LEAVING.has(textOf(row, 'status')) ? '1' : row['cost'],
      date_sent: sentAt(scope, row),
      ...phoneFields('local', row['local_phone']),
      ...phoneFields('remote', row['remote_phone']),
    };
  },
  after: (scope, row, { body, before }) => scheduleSending(scope, row, body, before),
});

function smsText(scope: Scope, row: Row): string | null {
  const template = find(scope, 'sms_template', row['template_id']);
  return template ? fillTags(scope, textOf(template, 'text'), row['lead_id'], row['contact_id']) : null;
}

/** A real send needs an internal Close number, the other number, and words or a template. Source: close-rest.md §13. */
function refuseUnsendable(scope: Scope, row: JsonObject): void {
  if (!row['text']) refuseField('text', 'Either text or template_id is required to send.');
  if (!row['remote_phone']) refuseField('remote_phone', 'Required to send.');
  const numbers = rowsOf(scope, 'phone_number').filter((one) => one['type'] === 'internal');
  if (!numbers.some((one) => one['number'] === row['local_phone'])) refuseField('local_phone', 'Must be an internal Close number to send.');
}

export const email: Kind = activityKind({
  noun: 'email',
  type: 'Email',
  event: () => 'activity.email',
  required: ['status'],
  fields: {
    ...sending,
    status: solid(oneOf(MESSAGE_STATUSES)),
    subject: text(),
    body_text: text(),
    body_html: text(),
    sender: mailbox,
    to: listOf(address, 100),
    cc: listOf(address, 100),
    bcc: listOf(address, 100),
    template_id: ref('email_template'),
    in_reply_to_id: ref('activity'),
    attachments,
    followup_date: instant,
    followup_sequence_id: ref('sequence'),
    followup_sequence_delay: whole(0, 100_000_000),
    followup_sequence_add_cc_bcc: flag,
    email_account_id: ref('connected_account'),
    account_id: ref('connected_account'),
    opens: anything,
  },
  onCreate: { ...imported, lead_id: ref('lead') },
  defaults: () => ({
    subject: '',
    sender: null,
    to: [],
    cc: [],
    bcc: [],
    body_text: '',
    body_html: '',
    attachments: [],
    email_account_id: null,
    envelope: null,
    thread_id: null,
    in_reply_to_id: null,
    message_ids: [],
    references: [],
    has_reply: false,
    opens: [],
    opens_summary: null,
    send_attempts: [],
    send_as_id: null,
    template_id: null,
    template_name: null,
    bulk_email_action_id: null,
    date_scheduled: null,
    date_sent: null,
    need_smtp_credentials: false,
    followup_sequence_id: null,
    followup_sequence_delay: null,
    followup_sequence_add_cc_bcc: false,
  }),
  settle: (scope, row, { body, before }) => {
    refuseLateEdit('emails', body, before);
    refuseUnscheduled(row);
    const status = textOf(row, 'status');
    if (NEEDS_SENDER.has(status) && !row['sender']) refuseField('sender', `Required for status ${status}.`);
    if (LEAVING.has(status) && asList(row['to']).length === 0) refuseField('to', 'At least one recipient is required to send.');
    return settleEmail(scope, { ...without(row, ['send_in', 'account_id']), id: row.id }, body);
  },
  after: (scope, row, { body, before }) => {
    scheduleSending(scope, row, body, before);
    thread(scope, row);
  },
});

function settleEmail(scope: Scope, row: Row, body: JsonObject): Row {
  const template = find(scope, 'email_template', row['template_id']);
  const rendered = template && !body['body_text'] && !body['body_html'] ? renderEmail(scope, template, row) : {};
  const full = { ...row, ...rendered, ...bodies({ ...body, ...rendered }) };
  const status = textOf(row, 'status');
  return {
    ...full,
    direction: status === 'inbox' ? 'incoming' : 'outgoing',
    body_preview: textOf(full, 'body_text').replaceAll(/\s+/g, ' ').slice(0, 100),
    template_name: template?.['name'] ?? null,
    email_account_id: body['account_id'] ?? row['email_account_id'],
    date_sent: sentAt(scope, row),
  };
}

export function renderEmail(scope: Scope, template: Row, target: JsonObject): JsonObject {
  const fill = (name: string): string => fillTags(scope, textOf(template, name), target['lead_id'], target['contact_id']);
  return { subject: fill('subject'), body_html: fill('body') };
}

/** Where only one body is given, the other is made from it. */
function bodies(given: JsonObject): JsonObject {
  const { body_text: plain, body_html: html } = given;
  if (typeof html === 'string' && typeof plain !== 'string') return { body_html: html, body_text: plainText(html) };
  if (typeof plain === 'string' && typeof html !== 'string') return { body_text: plain, body_html: plain.replaceAll('\n', '<br>') };
  return {};
}

/** Every e-mail hangs in a thread: that of the one it answers, or a new one. */
function thread(scope: Scope, row: Row): void {
  if (row['thread_id']) {
    const existing = find(scope, 'activity', row['thread_id']);
    if (existing) keep(scope, 'activity', { ...existing, date_updated: row['date_updated'], latest_email_id: row.id });
    return;
  }
  const answered = find(scope, 'activity', row['in_reply_to_id']);
  const own = answered?.['thread_id'] ?? newThread(scope, row).id;
  keep(scope, 'activity', { ...row, thread_id: own });
  if (answered) keep(scope, 'activity', { ...answered, has_reply: true });
}

function newThread(scope: Scope, row: Row): Row {
  const { lead_id, contact_id, subject } = row;
  return make(scope, 'email_thread', { lead_id, contact_id, latest_normalized_subject: subject, latest_email_id: row.id });
}

export const emailThread: Kind = activityKind({
  noun: 'email_thread',
  type: 'EmailThread',
  fields: { lead_id: ref('lead'), latest_normalized_subject: text(), latest_email_id: anything },
  cascade: (scope, row) => {
    for (const one of emailsOf(scope, row)) if (find(scope, 'activity', one.id)) drop(scope, 'email', one);
  },
  // guess: the thread's own fields; the reference shows no example.
  show: (scope, row) => {
    const emails = emailsOf(scope, row);
    return {
      emails: emails.map((one) => ({
        id: one.id,
        subject: one['subject'],
        status: one['status'],
        direction: one['direction'],
        activity_at: one['activity_at'],
      })),
      n_emails: emails.length,
      participants: Array.from(new Set(emails.flatMap((one) => [textOf(one, 'sender'), ...asList(one['to'])]).filter((one) => one !== ''))),
    };
  },
});

function emailsOf(scope: Scope, row: Row): readonly Row[] {
  return scope.store.under('activity', textOf(row, 'lead_id')).filter((one) => one['_type'] === 'Email' && one['thread_id'] === row.id);
}

/** Timer: a message whose time has come leaves. guess: when Close calls an outbox message sent. */
export function send(scope: Scope, id: string): void {
  const row = find(scope, 'activity', id);
  if (!row || !isDue(scope, row)) return;
  const noun = row['_type'] === 'SMS' ? 'sms' : 'email';
  const sent = { ...row, status: 'sent' };
  patch(
    scope,
    noun,
    row,
    { status: 'sent', date_sent: sentAt(scope, { ...sent, date_sent: null }) },
    noun === 'email' ? 'sent' : 'updated',
  );
}

export const messageHandlers: Handlers = {
  ...verbs(sms, ['list', 'create', 'get', 'update', 'delete']),
  ...verbs(email, ['list', 'create', 'get', 'update', 'delete']),
  ...verbs(emailThread, ['list', 'get', 'delete']),
};
