import type { JsonObject } from '../../contract/guards.ts';
import { mongoTime } from './clock.ts';
import { newId } from './ids.ts';
import type { Scope } from './kind.ts';
import type { Row } from './row.ts';

/** Records of the demo that nobody can make through the API: calendars, Close itself and other settings pages make them. */
const DAY_MS = 86_400_000;

export function putMeeting(scope: Scope, about: JsonObject): void {
  const starts = scope.at + 20 * DAY_MS;
  const row: Row = {
    _type: 'Meeting',
    id: newId(scope.random, 'acti'),
    organization_id: scope.actor.organizationId,
    ...about,
    user_id: scope.actor.userId,
    users: [scope.actor.userId],
    title: 'Pilot kickoff',
    status: 'upcoming',
    starts_at: mongoTime(starts),
    ends_at: mongoTime(starts + 1_800_000),
    duration: 1800,
    actual_duration: null,
    location: 'https://meet.example/abc',
    note: null,
    user_note: null,
    user_note_html: null,
    user_note_mentions: [],
    outcome_id: null,
    is_recurring: false,
    source: 'calendar',
    attendees: [
      {
        contact_id: about['contact_id'],
        user_id: null,
        email: 'ingrid@northpine.example',
        name: 'Ingrid Solheim',
        is_organizer: false,
        status: 'noreply',
      },
    ],
    conference_links: [],
    integrations: [],
    summary: null,
    connected_account_id: null,
    calendar_event_link: null,
    provider_calendar_type: 'google',
    created_by: scope.actor.userId,
    updated_by: scope.actor.userId,
    date_created: mongoTime(scope.at),
    date_updated: mongoTime(scope.at),
    activity_at: mongoTime(starts),
  };
  scope.store.put('activity', row, scope.at);
}

/** A task that Close itself makes; its ids start with `noti_`. */
export function putMissedCall(scope: Scope, about: JsonObject, localPhone: string): void {
  const row: Row = {
    _type: 'missed_call',
    id: newId(scope.random, 'noti'),
    organization_id: scope.actor.organizationId,
    ...about,
    assigned_to: scope.actor.userId,
    object_type: 'call',
    object_id: null,
    phone: '+14155550132',
    phone_formatted: '+1 415-555-0132',
    phone_number_description: 'California',
    local_phone: localPhone,
    text: '',
    date: mongoTime(scope.at),
    is_complete: false,
    priority: null,
    resolution: null,
    deduplication_key: null,
    created_by: null,
    updated_by: null,
    date_created: mongoTime(scope.at),
    date_updated: mongoTime(scope.at),
  };
  scope.store.put('task', row, scope.at);
}

/** A custom field of an object for which the catalogue has no create. */
export function putCustomField(scope: Scope, name: string, object: string, sharedWith: readonly string[] = []): void {
  const id = newId(scope.random, 'cf');
  const stamp = mongoTime(scope.at);
  const row: Row = {
    id,
    $noun: 'custom_field_shared',
    $object: object,
    $shared_with: sharedWith,
    organization_id: scope.actor.organizationId,
    name,
    type: 'text',
    choices: null,
    accepts_multiple_values: false,
    description: null,
    editable_with_roles: [],
    created_by: scope.actor.userId,
    updated_by: scope.actor.userId,
    date_created: stamp,
    date_updated: stamp,
  };
  scope.store.put('custom_field', row, scope.at);
}
