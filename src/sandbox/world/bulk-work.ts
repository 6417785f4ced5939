import type { JsonObject } from '../../contract/guards.ts';
import { REQUIRED } from './checks.ts';
import { change, drop, make, nounOf } from './engine.ts';
import type { Scope } from './kind.ts';
import { refuseField, refuseFields } from './refuse.ts';
import { asList, objects, type Row, textOf } from './row.ts';
import { find, keep, rowsOf } from './rows.ts';

/** What a bulk action does to one object that it chose; each says how many objects it touched. */
export function refuseVagueEdit(scope: Scope, row: Row): void {
  if (row['type'] === 'set_lead_status' && !row['lead_status_id']) refuseField('lead_status_id', REQUIRED);
  if (row['type'] !== 'set_lead_status' && !fieldOf(scope, row)) refuseField('custom_field_id', REQUIRED);
}

function fieldOf(scope: Scope, job: Row): Row | undefined {
  const name = job['custom_field_name'];
  return (
    find(scope, 'custom_field', job['custom_field_id']) ??
    rowsOf(scope, 'custom_field').find((one) => name !== null && one['name'] === name)
  );
}

export function editOne(scope: Scope, job: Row, target: Row): number {
  change(scope, nounOf(target), target, editOf(scope, job));
  return 1;
}

function editOf(scope: Scope, job: Row): JsonObject {
  if (job['type'] === 'set_lead_status') return { status_id: job['lead_status_id'] };
  const id = fieldOf(scope, job)?.id ?? '';
  if (job['type'] === 'clear_custom_field') return { custom: { [id]: null } };
  const operation =
    job['custom_field_operation'] === 'add' ? 'custom_add' : job['custom_field_operation'] === 'remove' ? 'custom_remove' : 'custom';
  return { [operation]: { [id]: job['custom_field_values'] ?? job['custom_field_value'] } };
}

export function deleteOne(scope: Scope, _: Row, target: Row): number {
  drop(scope, nounOf(target), target);
  return 1;
}

/** guess: one e-mail per lead, or per contact where `contact_preference` says so; who has no address or has unsubscribed is passed over. */
export function emailOne(scope: Scope, job: Row, target: Row): number {
  const people = peopleOf(scope, target, job['contact_preference'] === 'contact');
  const gone = new Set(rowsOf(scope, 'unsubscribe').map((row) => textOf(row, 'email')));
  return people
    .flatMap((person) =>
      objects(person['emails'])
        .slice(0, 1)
        .map((one) => ({ person, address: textOf(one, 'email') })),
    )
    .filter(({ address }) => !gone.has(address))
    .map(({ person, address }) => sendTemplate(scope, job, person, address)).length;
}

function sendTemplate(scope: Scope, job: Row, person: Row, address: string): Row {
  const sender = job['sender'] ?? textOf(scope.store.get('user', scope.actor.userId) ?? {}, 'email');
  const row = make(scope, 'email', {
    lead_id: person['lead_id'],
    contact_id: person.id,
    status: 'outbox',
    sender,
    to: [address],
    template_id: job['template_id'],
  });
  const marked = { ...row, bulk_email_action_id: job.id };
  keep(scope, 'activity', marked);
  return marked;
}

function peopleOf(scope: Scope, target: Row, everyone: boolean): readonly Row[] {
  if (nounOf(target) === 'contact') return [target];
  const contacts = scope.store.under('contact', target.id);
  return everyone ? contacts : contacts.slice(0, 1);
}

const NEEDED_TO_SUBSCRIBE = ['sequence_id', 'sender_account_id', 'sender_name', 'sender_email', 'contact_preference'];

export function refuseVagueSubscription(_: Scope, row: Row): void {
  if (row['action_type'] !== 'subscribe') return;
  const missing = NEEDED_TO_SUBSCRIBE.filter((name) => row[name] === null);
  if (missing.length > 0) refuseFields(missing.map((path) => ({ path, problem: REQUIRED })));
}

const FROM: Readonly<Record<string, string>> = { pause: 'active', resume: 'paused', resume_finished: 'finished' };

export function subscribeOne(scope: Scope, job: Row, target: Row): number {
  const people = peopleOf(scope, target, job['contact_preference'] === 'contact');
  if (job['action_type'] === 'subscribe') return people.map((person) => enrol(scope, job, person)).length;
  const own = rowsOf(scope, 'subscription').filter((one) => isMeant(job, one, people));
  for (const one of own) change(scope, 'sequence_subscription', one, subscriptionChange(job));
  return own.length;
}

function enrol(scope: Scope, job: Row, person: Row): Row {
  const { sequence_id, sender_account_id, sender_name, sender_email } = job;
  const calls_assigned_to = asList(job['calls_assigned_to']);
  return make(scope, 'sequence_subscription', {
    sequence_id,
    sender_account_id,
    sender_name,
    sender_email,
    calls_assigned_to,
    contact_id: person.id,
  });
}

function isMeant(job: Row, subscription: Row, people: readonly Row[]): boolean {
  const from = FROM[textOf(job, 'action_type')];
  const inSequence = job['sequence_id'] === null || subscription['sequence_id'] === job['sequence_id'];
  return (
    inSequence && (from === undefined || subscription['status'] === from) && people.some((one) => one.id === subscription['contact_id'])
  );
}

function subscriptionChange(job: Row): JsonObject {
  if (job['action_type'] === 'pause') return { status: 'paused' };
  if (job['action_type'] !== 'reassign') return { status: 'active' };
  const names = ['sender_account_id', 'sender_name', 'sender_email', 'calls_assigned_to'];
  return Object.fromEntries(names.filter((name) => job[name] !== null).map((name) => [name, job[name]]));
}
