import { isRouterError } from '../../contract/errors.ts';
import { chosen } from './bulk-targets.ts';
import { deleteOne, editOne, emailOne, refuseVagueEdit, refuseVagueSubscription, subscribeOne } from './bulk-work.ts';
import { anObject, anything, email, flag, listOf, mailbox, oneOf, ref, solid, text, whole } from './checks.ts';
import { mongoTime } from './clock.ts';
import { verbs } from './engine.ts';
import type { Fields, Handlers, Kind, Scope } from './kind.ts';
import { among } from './listing.ts';
import { type Row, textOf } from './row.ts';
import { find, keep, later } from './rows.ts';

/** Which objects: a search tree, a text query, or, beware, everything. */
const scopeFields: Fields = {
  s_query: anObject,
  query: text(),
  results_limit: whole(0, 1_000_000),
  sort: listOf(anObject),
  send_done_email: flag,
};

interface BulkKind {
  readonly noun: string;
  readonly prefix: Kind['prefix'];
  readonly fields: Fields;
  readonly required: readonly string[];
  readonly refuse?: (scope: Scope, row: Row) => void;
  /** Does the job to one chosen row. Returns how many objects it touched. */
  readonly work: (scope: Scope, job: Row, target: Row) => number;
  readonly list?: Kind['list'];
}

const senderFields: Fields = {
  sequence_id: ref('sequence'),
  sender_account_id: ref('connected_account'),
  sender_name: text(),
  sender_email: email,
  contact_preference: oneOf(['lead', 'contact']),
  calls_assigned_to: listOf(ref('user')),
  from_phone_number_id: ref('phone_number'),
};

const EDITS = ['set_lead_status', 'set_custom_field', 'clear_custom_field'];

const BULK: readonly BulkKind[] = [
  {
    noun: 'bulk_edit',
    prefix: 'bulkedit',
    required: ['type'],
    fields: {
      type: solid(oneOf(EDITS)),
      lead_status_id: ref('lead_status'),
      custom_field_id: ref('custom_field'),
      custom_field_name: text(),
      custom_field_value: anything,
      custom_field_values: listOf(anything),
      custom_field_operation: oneOf(['replace', 'add', 'remove']),
    },
    refuse: refuseVagueEdit,
    work: editOne,
  },
  {
    noun: 'bulk_delete',
    prefix: 'bulkdelete',
    required: [],
    fields: { bulk_object_type: oneOf(['lead', 'contact', 'call', 'custom_activity', 'form_submission']) },
    work: deleteOne,
  },
  {
    noun: 'bulk_email',
    prefix: 'bulkemail',
    required: ['template_id'],
    fields: {
      template_id: solid(ref('email_template')),
      sender: mailbox,
      email_account_id: ref('connected_account'),
      contact_preference: oneOf(['lead', 'contact']),
    },
    work: emailOne,
    list: { filters: among('template_id') },
  },
  {
    noun: 'bulk_sequence_subscription',
    prefix: 'bulkseq',
    required: ['action_type'],
    fields: { ...senderFields, action_type: solid(oneOf(['subscribe', 'resume', 'resume_finished', 'pause', 'reassign'])) },
    refuse: refuseVagueSubscription,
    work: subscribeOne,
  },
];

export const bulkKinds: readonly Kind[] = BULK.map(bulkKind);

function bulkKind(bulk: BulkKind): Kind {
  return {
    noun: bulk.noun,
    shelf: 'bulk',
    prefix: bulk.prefix,
    type: bulk.noun,
    idNames: ['job_id', `${bulk.noun}_id`, 'id'],
    stamps: 'mongo',
    required: bulk.required,
    fields: {},
    onCreate: { ...scopeFields, ...bulk.fields },
    defaults: () => ({
      $noun: bulk.noun,
      ...Object.fromEntries(Object.keys(bulk.fields).map((name) => [name, null])),
      query: null,
      s_query: null,
      sort: [],
      results_limit: null,
      send_done_email: true,
      status: 'created',
      n_leads: null,
      n_leads_processed: 0,
      n_objects: null,
      n_objects_processed: 0,
    }),
    settle: (scope, row) => {
      bulk.refuse?.(scope, row);
      chosen(scope, row); // a query that cannot be read is refused at once
      return row;
    },
    after: (scope, row, { before }) => {
      if (before) return;
      later(scope, scope.at + Math.ceil(scope.switches.jobMs / 3), 'bulk_started', row.id);
      later(scope, scope.at + scope.switches.jobMs, 'bulk_done', row.id);
    },
    show: () => ({ _type: undefined }),
    list: { newestFirst: true, ...bulk.list },
  };
}

export const bulkHandlers: Handlers = Object.assign({}, ...bulkKinds.map((kind) => verbs(kind, ['list', 'create', 'get'])));

/** Timer: the job has found its objects. */
export function bulkStarted(scope: Scope, id: string): void {
  const job = find(scope, 'bulk', id);
  if (!job) return;
  const rows = chosen(scope, job);
  keep(scope, 'bulk', {
    ...job,
    status: 'processing',
    n_leads: leadsIn(rows).size,
    n_objects: rows.length,
    date_updated: mongoTime(scope.at),
  });
}

/** Timer: the job does its work, all at once. guess: an object that refuses is passed over. */
export function bulkDone(scope: Scope, id: string): void {
  const job = find(scope, 'bulk', id);
  const bulk = BULK.find((one) => one.noun === job?.['$noun']);
  if (!job || !bulk) return;
  const rows = chosen(scope, job);
  const leads = leadsIn(rows).size;
  const objectsDone = rows.reduce((sum, row) => sum + attempt(() => bulk.work(scope, job, row)), 0);
  const counts = { n_leads: leads, n_leads_processed: leads, n_objects: rows.length, n_objects_processed: objectsDone };
  keep(scope, 'bulk', { ...job, ...counts, status: 'done', date_updated: mongoTime(scope.at) });
}

function attempt(work: () => number): number {
  try {
    return work();
  } catch (error) {
    if (isRouterError(error)) return 0;
    throw error;
  }
}

function leadsIn(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.map((row) => textOf(row, 'lead_id') || row.id));
}
