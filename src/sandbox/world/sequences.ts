import type { JsonObject } from '../../contract/guards.ts';
import { anObject, email, flag, listOf, oneOf, ref, shape, solid, text, whole } from './checks.ts';
import { sqlTime } from './clock.ts';
import { drop, present, read, verbs } from './engine.ts';
import type { Handlers, Kind, Scope } from './kind.ts';
import { among } from './listing.ts';
import { refuseField, refuseFields } from './refuse.ts';
import { objects, type Row, textOf } from './row.ts';
import { idFor, must, rowsOf, userName } from './rows.ts';
import { withNewer } from './statuses.ts';

const STEP_TYPES = ['email', 'call', 'sms', 'whatsapp', 'task'];
const step = shape(
  {
    step_type: solid(oneOf(STEP_TYPES)),
    delay: whole(0, 100_000_000),
    email_template_id: ref('email_template'),
    threading: oneOf(['old_thread', 'new_thread']),
    required: flag,
  },
  ['step_type'],
);

export const sequence: Kind = {
  noun: 'sequence',
  shelf: 'sequence',
  prefix: 'seq',
  idNames: ['sequence_id', 'id'],
  stamps: 'sequence',
  required: ['name'],
  event: () => 'sequence',
  fields: {
    name: solid(text(500)),
    timezone: text(100),
    schedule: anObject,
    steps: listOf(step, 100),
    status: solid(oneOf(['active', 'paused', 'draft'])),
  },
  defaults: () => ({ status: 'active', timezone: 'UTC', schedule: null, steps: [] }),
  settle: (scope, row, { body, before }) =>
    body['steps'] === undefined ? row : { ...row, steps: settleSteps(scope, objects(row['steps']), before) },
  cascade: (scope, row) => {
    for (const one of subscriptionsOf(scope, row.id)) drop(scope, 'sequence_subscription', one);
  },
};

/** Steps that carry a known id stay that step; the others are new; those left out are gone. Source: close-rest.md §16. */
function settleSteps(scope: Scope, steps: readonly JsonObject[], before: Row | undefined): readonly JsonObject[] {
  const known = new Map(objects(before?.['steps']).map((one) => [textOf(one, 'id'), one]));
  const stamp = sqlTime(scope.at, scope.random.next());
  return steps.map((one) => ({
    ...(known.get(textOf(one, 'id')) ?? newStep(scope, stamp)),
    ...one,
    id: known.has(textOf(one, 'id')) ? one['id'] : idFor(scope, 'seqstep'),
    updated_by_id: scope.actor.userId,
    date_updated: stamp,
  }));
}

function newStep(scope: Scope, stamp: string): JsonObject {
  return {
    delay: 0,
    required: true,
    step_allowed_delay: null,
    email_template_id: null,
    threading: null,
    created_by_id: scope.actor.userId,
    date_created: stamp,
  };
}

function subscriptionsOf(scope: Scope, sequenceId: string): readonly Row[] {
  return rowsOf(scope, 'subscription').filter((one) => one['sequence_id'] === sequenceId);
}

const SUBSCRIPTION_STATUSES = ['active', 'paused', 'finished', 'goal', 'error'];

function counts(scope: Scope, sequenceId: string): JsonObject {
  const all = subscriptionsOf(scope, sequenceId);
  return Object.fromEntries(SUBSCRIPTION_STATUSES.map((status) => [status, all.filter((one) => one['status'] === status).length]));
}

const sender = {
  sender_account_id: ref('connected_account'),
  sender_name: text(500),
  sender_email: email,
  calls_assigned_to: listOf(ref('user'), 100),
};

/** guess: nothing stops a second enrolment of the same pair; the reference only advises to look first. */
export const subscription: Kind = {
  noun: 'sequence_subscription',
  shelf: 'subscription',
  prefix: 'sub',
  idNames: ['subscription_id', 'sequence_subscription_id', 'id'],
  stamps: 'sequence',
  required: ['sequence_id', 'contact_id'],
  event: () => 'sequence_subscription',
  fields: sender,
  onCreate: { sequence_id: solid(ref('sequence')), contact_id: solid(ref('contact')), contact_email: email },
  onUpdate: { status: solid(oneOf(['active', 'paused'])) },
  defaults: (scope) => ({ ...defaultSender(scope), calls_assigned_to: [], start_date: null, status: 'active', status_reason: null }),
  settle: (scope, row, { before }) =>
    before ? { ...row, status_reason: row['status'] === 'paused' ? 'manual' : null } : begin(scope, row),
  list: {
    filters: among('sequence_id', 'contact_id', 'lead_id'),
    refuse: (_, input) => {
      const names = ['sequence_id', 'contact_id', 'lead_id'];
      if (names.every((name) => input[name] === undefined)) {
        refuseFields(names.map((path) => ({ path, problem: 'At least one of sequence_id, contact_id, lead_id is required.' })));
      }
    },
  },
};

/** guess: which sender an enrolment without one gets. */
function defaultSender(scope: Scope): JsonObject {
  const account = rowsOf(scope, 'connected_account').find((one) => one['user_id'] === scope.actor.userId);
  return {
    sender_account_id: account?.id ?? null,
    sender_name: userName(scope, scope.actor.userId),
    sender_email: objects(account?.['identities'])[0]?.['email'] ?? null,
  };
}

function begin(scope: Scope, row: Row): Row {
  const contact = must(scope, 'contact', row['contact_id']);
  const addresses = objects(contact['emails']).map((one) => textOf(one, 'email'));
  const wanted = typeof row['contact_email'] === 'string' ? row['contact_email'] : addresses[0];
  if (!wanted || !addresses.includes(wanted)) refuseField('contact_email', 'Not an address of this contact.');
  return { ...row, contact_email: wanted, lead_id: contact['lead_id'] };
}

export const sequenceHandlers: Handlers = {
  ...verbs(sequence, ['list', 'create', 'update', 'delete']),
  'sequence.get': (scope, input) => {
    const row = read(scope, sequence, input);
    return { ...present(scope, row), subscription_counts_by_status: counts(scope, row.id) };
  },
  ...withNewer(verbs(subscription, ['list', 'create', 'get', 'update', 'delete']), ['sequence_subscription.delete']),
};
