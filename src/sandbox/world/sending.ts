import type { JsonObject } from '../../contract/guards.ts';
import { instantMs, mongoTime } from './clock.ts';
import type { Scope } from './kind.ts';
import { contactName, leadName } from './names.ts';
import { refuse, refuseField } from './refuse.ts';
import { numberOf, type Row, textOf } from './row.ts';
import { find, later, userName } from './rows.ts';

export const MESSAGE_STATUSES = ['inbox', 'draft', 'scheduled', 'outbox', 'sent', 'error'];

/** Only drafts can be edited; a message that waits may go back to draft, or on its way. Source: close-rest.md §13. */
export function refuseLateEdit(noun: string, body: JsonObject, before: Row | undefined): void {
  const status = before && textOf(before, 'status');
  if (!status || status === 'draft') return;
  const waiting = status === 'scheduled' || status === 'outbox';
  if (waiting && (body['status'] === 'draft' || (status === 'scheduled' && body['status'] === 'outbox'))) return;
  if (waiting && onlyMoves(body)) return;
  refuse(`Only draft ${noun} can be modified.`);
}

/** A scheduled message may get another time. guess: the reference only says that drafts can be edited. */
function onlyMoves(body: JsonObject): boolean {
  const given = Object.keys(body).filter((name) => body[name] !== undefined && !name.endsWith('_id') && name !== 'id');
  return given.length > 0 && given.every((name) => name === 'date_scheduled');
}

export function refuseUnscheduled(row: Row): void {
  if (row['status'] === 'scheduled' && !row['date_scheduled']) refuseField('date_scheduled', 'Required for scheduled messages.');
}

/** Sets the timer of a message that is to leave, when it has just been told to. */
export function scheduleSending(scope: Scope, row: Row, body: JsonObject, before: Row | undefined): void {
  const status = textOf(row, 'status');
  if (status === 'outbox' && before?.['status'] !== 'outbox') {
    later(scope, scope.at + Math.max(scope.switches.sendMs, numberOf(body, 'send_in') * 1000), 'send', row.id);
  } else if (status === 'scheduled' && (before?.['status'] !== 'scheduled' || before['date_scheduled'] !== row['date_scheduled'])) {
    later(scope, instantMs(row['date_scheduled']) ?? scope.at, 'send', row.id);
  }
}

/** Whether the time of a waiting message has come: it may have been cancelled or moved meanwhile. */
export function isDue(scope: Scope, row: Row): boolean {
  if (row['status'] === 'outbox') return true;
  return row['status'] === 'scheduled' && (instantMs(row['date_scheduled']) ?? 0) <= scope.at;
}

export function sentAt(scope: Scope, row: Row): unknown {
  return row['status'] === 'sent' ? (row['date_sent'] ?? mongoTime(scope.at)) : row['date_sent'];
}

/** Fills `{{ lead.display_name }}` and the like. Unknown tags become empty. guess: Close's tag list beyond these. */
export function fillTags(scope: Scope, template: string, leadId: unknown, contactId: unknown): string {
  const contact = contactName(scope, contactId) ?? '';
  const user = userName(scope, scope.actor.userId) ?? '';
  const organization = textOf(find(scope, 'organization', scope.actor.organizationId) ?? {}, 'name');
  const tags: Readonly<Record<string, string>> = {
    'contact.name': contact,
    'contact.first_name': contact.split(' ')[0] ?? '',
    'contact.last_name': contact.split(' ').slice(1).join(' '),
    'lead.display_name': leadName(scope, leadId) ?? '',
    'lead.name': leadName(scope, leadId) ?? '',
    'user.name': user,
    'user.first_name': user.split(' ')[0] ?? '',
    'user.last_name': user.split(' ').slice(1).join(' '),
    'organization.name': organization,
  };
  return template.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_, tag: string) => tags[tag] ?? '');
}
