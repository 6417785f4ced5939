import { isObject, type JsonObject } from '../../contract/guards.ts';
import type { Scope } from './kind.ts';
import { contactTitle, leadTitle } from './names.ts';
import { asList, objects, type Row, textOf } from './row.ts';
import { find } from './rows.ts';

/** What a search looks at: a stored row, or a part of one such as a single address of a contact. */
export interface Subject {
  readonly type: string;
  readonly row: JsonObject;
}

const ACTIVITY_TYPES: Readonly<Record<string, string>> = {
  'activity.call': 'Call',
  'activity.note': 'Note',
  'activity.email': 'Email',
  'activity.sms': 'SMS',
  'activity.meeting': 'Meeting',
  'activity.whatsapp_message': 'WhatsAppMessage',
  'activity.lead_status_change': 'LeadStatusChange',
};

/** The values of a field, several where the field is a list. */
export function valuesOf(scope: Scope, subject: Subject, field: string): readonly unknown[] {
  const derived = derivedValue(scope, subject, field);
  const value = derived === undefined ? subject.row[field] : derived;
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

function derivedValue(scope: Scope, { type, row }: Subject, field: string): unknown {
  if (type === 'lead' && field === 'display_name') return leadTitle(scope, { ...row, id: textOf(row, 'id') });
  if (type === 'lead' && field === 'status_label') return find(scope, 'lead_status', row['status_id'])?.['label'];
  if (type === 'contact' && field === 'display_name') return contactTitle({ ...row, id: textOf(row, 'id') });
  if (type === 'opportunity') return opportunityValue(scope, row, field);
  return undefined;
}

function opportunityValue(scope: Scope, row: JsonObject, field: string): unknown {
  const names: Readonly<Record<string, string>> = { status_label: 'label', status_type: 'type', pipeline_id: 'pipeline_id' };
  const name = names[field];
  return name === undefined ? undefined : find(scope, 'opportunity_status', row['status_id'])?.[name];
}

export function customValues({ row }: Subject, id: string): readonly unknown[] {
  const value = isObject(row['custom']) ? row['custom'][id] : undefined;
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The objects of another type that belong to this one. */
export function related(scope: Scope, subject: Subject, type: string): readonly Subject[] {
  const as = (rows: readonly JsonObject[]): readonly Subject[] => rows.map((row) => ({ type, row }));
  const leadId = subject.type === 'lead' ? textOf(subject.row, 'id') : textOf(subject.row, 'lead_id');
  if (type === 'lead') return as([find(scope, 'lead', leadId)].filter((row) => row !== undefined));
  if (type === 'contact_email') return as(objects(subject.row['emails']));
  if (type === 'contact_phone') return as(objects(subject.row['phones']));
  if (type === 'contact_url') return as(objects(subject.row['urls']));
  if (type === 'address') return as(objects(subject.row['addresses']));
  return as(under(scope, leadId, type).filter((row) => subject.type !== 'contact' || row['contact_id'] === subject.row['id']));
}

function under(scope: Scope, leadId: string, type: string): readonly Row[] {
  if (type === 'contact' || type === 'opportunity' || type === 'custom_object') return scope.store.under(type, leadId);
  if (type === 'sequence_subscription') return scope.store.under('subscription', leadId);
  if (type === 'task' || type.startsWith('task.')) {
    return scope.store.under('task', leadId).filter((row) => type === 'task' || `task.${textOf(row, '_type')}` === type);
  }
  const wanted = ACTIVITY_TYPES[type];
  return scope.store.under('activity', leadId).filter((row) => type === 'activity' || row['_type'] === wanted);
}

/** All words that a free text search finds an object by. guess: which fields those are. */
export function wordsOf(scope: Scope, subject: Subject): string {
  const own = ['name', 'display_name', 'title', 'description', 'url', 'note', 'text', 'subject', 'body_text'];
  const texts = own.flatMap((field) => valuesOf(scope, subject, field));
  const lists = [...objects(subject.row['emails']), ...objects(subject.row['phones']), ...objects(subject.row['addresses'])];
  const inner = subject.type === 'lead' ? related(scope, subject, 'contact').map((one) => wordsOf(scope, one)) : [];
  const custom = isObject(subject.row['custom']) ? Object.values(subject.row['custom']).flatMap(asList) : [];
  return [...texts, ...lists.flatMap((one) => Object.values(one)), ...custom, ...inner].join(' \n ');
}
