import type { JsonObject } from '../../contract/guards.ts';
import { listOf, oneOf, ref, shape, solid, text } from './checks.ts';
import { verbs } from './engine.ts';
import type { Handler, Handlers, Kind, Scope } from './kind.ts';
import { methodNotAllowed, refuse, refuseField } from './refuse.ts';
import { objects, pick, type Row, textOf } from './row.ts';
import { rowsOf } from './rows.ts';
import type { Shelf } from './store.ts';

const label = solid(text(200));

export const leadStatus: Kind = {
  noun: 'lead_status',
  shelf: 'lead_status',
  prefix: 'stat',
  idNames: ['status_id', 'lead_status_id', 'id'],
  stamps: 'none',
  required: ['label'],
  event: () => 'status.lead',
  fields: { label, color: text(30) },
  defaults: () => ({ $noun: 'lead_status' }),
  guard: (scope, row) => refuseUsed(scope, 'lead', row),
};

export const opportunityStatus: Kind = {
  noun: 'opportunity_status',
  shelf: 'opportunity_status',
  prefix: 'stat',
  idNames: ['status_id', 'opportunity_status_id', 'id'],
  stamps: 'none',
  required: ['label', 'type', 'pipeline_id'],
  event: () => 'status.opportunity',
  fields: { label },
  onCreate: { type: oneOf(['active', 'won', 'lost']), pipeline_id: ref('pipeline') },
  defaults: () => ({ $noun: 'opportunity_status' }),
  guard: (scope, row) => refuseUsed(scope, 'opportunity', row),
};

/** guess: the wording; that a status in use cannot be deleted is inferred. */
function refuseUsed(scope: Scope, shelf: Shelf, status: Row): void {
  if (rowsOf(scope, shelf).some((row) => row['status_id'] === status.id)) refuse('This status is still assigned and cannot be deleted.');
}

export const pipeline: Kind = {
  noun: 'pipeline',
  shelf: 'pipeline',
  prefix: 'pipe',
  idNames: ['pipeline_id', 'id'],
  stamps: 'sql',
  required: ['name'],
  fields: { name: solid(text(200)) },
  onUpdate: { statuses: listOf(shape({ id: ref('opportunity_status') }, ['id'])) },
  settle: (scope, row, { body }) => {
    const { statuses, ...rest } = row;
    return Array.isArray(statuses) ? { ...rest, id: row.id, $order: orderOf(scope, row, objects(body['statuses'])) } : row;
  },
  guard: (scope, row) => {
    if (statusesOf(scope, row).length > 0) refuse('A pipeline with statuses cannot be deleted.');
  },
  show: (scope, row) => ({ statuses: statusesOf(scope, row).map((one) => pick(one, ['id', 'label', 'type'])) }),
  list: { paged: false },
};

function orderOf(scope: Scope, row: Row, wanted: readonly JsonObject[]): readonly string[] {
  const own = new Set(statusesOf(scope, row).map((one) => one.id));
  const ids = wanted.map((one) => textOf(one, 'id'));
  if (ids.some((id) => !own.has(id))) refuseField('statuses', 'The status does not belong to the pipeline.');
  return ids;
}

/** In the pipeline's own order; what it does not name comes last, in order of creation. */
export function statusesOf(scope: Scope, row: Row): readonly Row[] {
  const own = rowsOf(scope, 'opportunity_status').filter((one) => one['pipeline_id'] === row.id);
  const order = Array.isArray(row['$order']) ? row['$order'].map(String) : [];
  const rank = (one: Row): number => (order.includes(one.id) ? order.indexOf(one.id) : order.length);
  return own.toSorted((one, other) => rank(one) - rank(other));
}

/** Reads that entered the reference in mid-2026. Source: close-rest.md §11. */
function newer(handler: Handler | undefined): Handler {
  return (scope, input) => (scope.switches.olderReference ? methodNotAllowed(scope.operation) : handler?.(scope, input));
}

/** Wraps some handlers so that the older reference does not have them. */
export function withNewer(handlers: Handlers, ids: readonly string[]): Handlers {
  return { ...handlers, ...Object.fromEntries(ids.map((id) => [id, newer(handlers[id])])) };
}

export const statusHandlers: Handlers = withNewer(
  {
    ...verbs(leadStatus, ['list', 'create', 'get', 'update', 'delete']),
    ...verbs(opportunityStatus, ['list', 'create', 'get', 'update', 'delete']),
    ...verbs(pipeline, ['list', 'create', 'get', 'update', 'delete']),
  },
  ['pipeline.get', 'lead_status.get', 'opportunity_status.get'],
);
