import { isObject, type JsonObject } from '../../contract/guards.ts';
import { anObject, flag, listOf, oneOf, solid, text, whole } from './checks.ts';
import { mongoTime } from './clock.ts';
import { make, present, verbs } from './engine.ts';
import type { Fields, Handlers, Kind, Scope } from './kind.ts';
import { filtered } from './listing.ts';
import { opportunity } from './opportunities.ts';
import { type Row, without } from './row.ts';
import { find, keep, later, rowsOf } from './rows.ts';
import { searchRows } from './search.ts';

const common: Fields = {
  format: solid(oneOf(['csv', 'json'])),
  date_format: oneOf(['original', 'iso8601', 'excel']),
  fields: listOf(text()),
  include_activities: flag,
  include_smart_fields: flag,
  include_addresses: flag,
  include_custom_objects: flag,
  send_done_email: flag,
};

/** guess: names beyond status and download_url, which the reference does not show. */
export const exported: Kind = {
  noun: 'export',
  shelf: 'export',
  prefix: 'expo',
  idNames: ['export_id', 'id'],
  stamps: 'mongo',
  required: ['format'],
  fields: {},
  onCreate: {
    ...common,
    type: solid(oneOf(['leads', 'contacts', 'lead_opps', 'opportunities'])),
    s_query: anObject,
    results_limit: whole(0, 1_000_000),
    sort: listOf(anObject),
    params: anObject,
  },
  defaults: () => ({ status: 'created', n_docs: null, n_docs_processed: 0, download_url: null, send_done_email: true }),
  settle: (scope, row, { before }) => {
    if (!before) records(scope, row); // a query that cannot be read is refused at once
    return row;
  },
  after: (scope, row, { before }) => {
    if (before) return;
    later(scope, scope.at + Math.ceil(scope.switches.jobMs / 3), 'export_started', row.id);
    later(scope, scope.at + scope.switches.jobMs, 'export_done', row.id);
  },
  list: { newestFirst: true },
};

function records(scope: Scope, job: Row): readonly Row[] {
  if (job['type'] === 'opportunities') return filtered(scope, opportunity, isObject(job['params']) ? job['params'] : {});
  return isObject(job['s_query'])
    ? searchRows(scope, job['s_query'], 'lead')
    : rowsOf(scope, job['type'] === 'contacts' ? 'contact' : 'lead');
}

export function exportStarted(scope: Scope, id: string): void {
  const job = find(scope, 'export', id);
  if (job) keep(scope, 'export', { ...job, status: 'in_progress', n_docs: records(scope, job).length, date_updated: mongoTime(scope.at) });
}

export function exportDone(scope: Scope, id: string): void {
  const job = find(scope, 'export', id);
  if (!job) return;
  const count = records(scope, job).length;
  const url = `https://exports.example/${job.id}.${String(job['format'])}.gz`;
  keep(scope, 'export', {
    ...job,
    status: 'done',
    n_docs: count,
    n_docs_processed: count,
    download_url: url,
    date_updated: mongoTime(scope.at),
  });
}

/** `fields` are columns of the export here, not a projection of the answer. */
function start(scope: Scope, input: JsonObject, type: unknown): JsonObject {
  return present(scope, make(scope, 'export', { ...without(input, ['type']), ...(type === undefined ? {} : { type }) }));
}

export const exportHandlers: Handlers = {
  ...verbs(exported, ['list', 'get']),
  'export.lead': (scope, input) => start(scope, input, input['type'] ?? 'leads'),
  'export.opportunity': (scope, input) => start(scope, input, 'opportunities'),
};
