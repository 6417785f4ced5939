import type { JsonObject } from '../../contract/guards.ts';
import { activityKind, imported } from './activity-base.ts';
import { anything, ref, solid } from './checks.ts';
import { verbs } from './engine.ts';
import type { Fields, Handlers, Kind, Scope } from './kind.ts';
import { among } from './listing.ts';
import { textOf } from './row.ts';
import { find } from './rows.ts';
import type { Shelf } from './store.ts';

const open = (...names: readonly string[]): Fields => Object.fromEntries(names.map((name) => [name, anything]));
const underLead: Fields = { lead_id: solid(ref('lead')) };

export function statusPair(scope: Scope, shelf: Shelf, old: unknown, fresh: unknown): JsonObject {
  const label = (id: unknown): unknown => find(scope, shelf, id)?.['label'] ?? null;
  return { old_status_id: old ?? null, old_status_label: label(old), new_status_id: fresh ?? null, new_status_label: label(fresh) };
}

export function opportunityStatusPair(scope: Scope, old: unknown, fresh: unknown): JsonObject {
  const type = (id: unknown): unknown => find(scope, 'opportunity_status', id)?.['type'] ?? null;
  return { ...statusPair(scope, 'opportunity_status', old, fresh), old_status_type: type(old), new_status_type: type(fresh) };
}

/** Writing a status change only writes history; it does not change the status. Source: close-rest.md §13. */
export const leadStatusChange: Kind = activityKind({
  noun: 'lead_status_change',
  type: 'LeadStatusChange',
  event: () => 'activity.lead_status_change',
  required: ['lead_id'],
  fields: { ...underLead, old_status_id: ref('lead_status'), new_status_id: ref('lead_status') },
  onCreate: imported,
  settle: (scope, row) => ({ ...row, ...statusPair(scope, 'lead_status', row['old_status_id'], row['new_status_id']) }),
});

export const opportunityStatusChange: Kind = activityKind({
  noun: 'opportunity_status_change',
  type: 'OpportunityStatusChange',
  event: () => 'activity.opportunity_status_change',
  required: ['lead_id'],
  fields: {
    ...underLead,
    old_status_id: ref('opportunity_status'),
    new_status_id: ref('opportunity_status'),
    ...open(
      'opportunity_id',
      'opportunity_value',
      'opportunity_value_currency',
      'opportunity_value_period',
      'opportunity_confidence',
      'opportunity_date_won',
    ),
  },
  onCreate: imported,
  defaults: () => ({ opportunity_id: null }),
  settle: (scope, row) => ({ ...row, ...opportunityStatusPair(scope, row['old_status_id'], row['new_status_id']) }),
  list: { filters: among('opportunity_id') },
});

export const created: Kind = activityKind({ noun: 'created', type: 'Created', fields: underLead, defaults: () => ({ source: 'api' }) });

export const leadMerge: Kind = activityKind({
  noun: 'lead_merge',
  type: 'LeadMerge',
  fields: { ...underLead, ...open('source_lead_id', 'source_lead_name', 'destination_lead_id') },
});

export const taskCompleted: Kind = activityKind({
  noun: 'task_completed',
  type: 'TaskCompleted',
  event: () => 'activity.task_completed',
  fields: { ...underLead, ...open('task_id', 'task_text', 'task_assigned_to') },
  show: (scope, row) => {
    const user = scope.store.get('user', textOf(row, 'task_assigned_to'));
    return { task_assigned_to_name: user ? `${textOf(user, 'first_name')} ${textOf(user, 'last_name')}` : null };
  },
});

export const historyHandlers: Handlers = {
  ...verbs(leadStatusChange, ['list', 'create']),
  ...verbs(opportunityStatusChange, ['list', 'create']),
  ...verbs(created, ['list']),
  ...verbs(leadMerge, ['list']),
  ...verbs(taskCompleted, ['list']),
};
