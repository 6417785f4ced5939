import { activityHandlers, customActivity, meeting, whatsapp } from './activities.ts';
import { bulkDone, bulkHandlers, bulkKinds, bulkStarted } from './bulk.ts';
import { comment, commentHandlers, commentThread } from './comments.ts';
import { contact, contactHandlers } from './contacts.ts';
import { converted, customFieldHandlers, customFieldKinds, customFieldShared } from './custom-fields.ts';
import { customObject, directoryHandlers, directoryKinds, unsubscribe, user } from './directory.ts';
import { event, eventHandlers } from './event-log.ts';
import { exportDone, exported, exportHandlers, exportStarted } from './exports.ts';
import { created, historyHandlers, leadMerge, leadStatusChange, opportunityStatusChange, taskCompleted } from './history.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { lead, leadHandlers } from './leads.ts';
import { email, emailThread, messageHandlers, send, sms } from './messages.ts';
import { call, note, noteAndCallHandlers } from './notes-and-calls.ts';
import { opportunity, opportunityHandlers } from './opportunities.ts';
import { searchHandlers } from './search.ts';
import { sequence, sequenceHandlers, subscription } from './sequences.ts';
import { serviceHandlers } from './services.ts';
import { leadStatus, opportunityStatus, pipeline, statusHandlers } from './statuses.ts';
import { task, taskHandlers } from './tasks.ts';
import { emailTemplate, smartView, smsTemplate, templateHandlers } from './templates.ts';
import { webhook, webhookHandlers } from './webhooks.ts';

const KINDS: readonly Kind[] = [
  lead,
  contact,
  opportunity,
  task,
  note,
  call,
  sms,
  email,
  emailThread,
  meeting,
  whatsapp,
  customActivity,
  leadStatusChange,
  opportunityStatusChange,
  created,
  leadMerge,
  taskCompleted,
  leadStatus,
  opportunityStatus,
  pipeline,
  ...customFieldKinds,
  customFieldShared,
  comment,
  commentThread,
  sequence,
  subscription,
  webhook,
  event,
  emailTemplate,
  smsTemplate,
  smartView,
  ...bulkKinds,
  exported,
  ...directoryKinds,
  customObject,
  unsubscribe,
  user,
];

const byNoun: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.noun, kind]));

export function kindNamed(noun: string): Kind {
  const kind = byNoun.get(noun);
  if (!kind) throw new Error(`the sandbox has no kind ${noun}`);
  return kind;
}

/** Every operation of the world by its short name, `lead.create`. */
export const OPERATIONS: Handlers = {
  ...leadHandlers,
  ...contactHandlers,
  ...opportunityHandlers,
  ...taskHandlers,
  ...activityHandlers,
  ...noteAndCallHandlers,
  ...messageHandlers,
  ...historyHandlers,
  ...statusHandlers,
  ...customFieldHandlers,
  ...commentHandlers,
  ...sequenceHandlers,
  ...webhookHandlers,
  ...eventHandlers,
  ...templateHandlers,
  ...bulkHandlers,
  ...exportHandlers,
  ...directoryHandlers,
  ...searchHandlers,
  ...serviceHandlers,
};

/** What happens when a timer is due. */
export const TIMERS: Readonly<Record<string, (scope: Scope, target: string) => void>> = {
  send,
  converted,
  bulk_started: bulkStarted,
  bulk_done: bulkDone,
  export_started: exportStarted,
  export_done: exportDone,
};
