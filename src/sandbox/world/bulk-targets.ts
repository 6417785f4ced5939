import { isObject } from '../../contract/guards.ts';
import type { Scope } from './kind.ts';
import { parseLeadQuery } from './lead-query.ts';
import type { Row } from './row.ts';
import { rowsOf } from './rows.ts';
import { objectTypeOf, searchRows, sortRows } from './search.ts';

/** Without any scope it is the whole organization. Source: close-endpoints.json, `bulk_edit.create`. */
export function chosen(scope: Scope, job: Row): readonly Row[] {
  const limit = typeof job['results_limit'] === 'number' ? job['results_limit'] : Number.POSITIVE_INFINITY;
  return everyTarget(scope, job).slice(0, limit);
}

function everyTarget(scope: Scope, job: Row): readonly Row[] {
  const type = job['bulk_object_type'];
  const tree = isObject(job['s_query']) ? job['s_query'] : undefined;
  const wanted = tree ? (objectTypeOf(isObject(tree['query']) ? tree['query'] : tree) ?? 'lead') : 'lead';
  const found = tree ? sortRows(scope, searchRows(scope, tree, wanted), job['sort']) : byText(scope, job);
  if (type === 'call' || type === 'custom_activity') return found.flatMap((row) => activitiesOf(scope, row, type));
  if (type === 'contact' && wanted === 'lead') return found.flatMap((row) => scope.store.under('contact', row.id));
  return type === 'form_submission' ? [] : found;
}

function byText(scope: Scope, job: Row): readonly Row[] {
  const leads = rowsOf(scope, 'lead');
  return typeof job['query'] === 'string' ? leads.filter(parseLeadQuery(scope, job['query']).matches) : leads;
}

function activitiesOf(scope: Scope, row: Row, type: 'call' | 'custom_activity'): readonly Row[] {
  const wanted = type === 'call' ? 'Call' : 'CustomActivity';
  return scope.store.under('activity', row.id).filter((one) => one['_type'] === wanted);
}
