import type { JsonObject } from '../../contract/guards.ts';
import { REQUIRED } from './checks.ts';
import { drop, make, patch, present } from './engine.ts';
import { emit } from './events.ts';
import type { Scope } from './kind.ts';
import { refuseField } from './refuse.ts';
import { type Row, shown } from './row.ts';
import { find, keep } from './rows.ts';
import { SHELVES, type Shelf } from './store.ts';

/** Moves everything from `source` to `destination`; the source is gone afterwards. guess: the answer's shape, which nobody publishes. */
export function mergeLeads(scope: Scope, input: JsonObject): JsonObject {
  const source = leadAt(scope, input, 'source');
  const destination = leadAt(scope, input, 'destination');
  if (source.id === destination.id) refuseField('destination', 'Source and destination must differ.');
  moveChildren(scope, source, destination);
  const fresh = patch(scope, 'lead', destination, {
    custom: { ...asObject(source['custom']), ...asObject(destination['custom']) },
    addresses: [...asArray(destination['addresses']), ...asArray(source['addresses'])],
  });
  make(scope, 'lead_merge', {
    lead_id: destination.id,
    source_lead_id: source.id,
    source_lead_name: source['name'] ?? null,
    destination_lead_id: destination.id,
  });
  const meta = { merge_source_lead_id: source.id, merge_destination_lead_id: destination.id };
  drop(scope, 'lead', source, meta);
  emit(scope, scope.kind('lead'), { action: 'merged', row: fresh, data: present(scope, fresh), meta });
  return {};
}

function leadAt(scope: Scope, input: JsonObject, name: string): Row {
  if (typeof input[name] !== 'string') refuseField(name, REQUIRED);
  return find(scope, 'lead', input[name]) ?? refuseField(name, 'Object does not exist.');
}

const STAYS: ReadonlySet<Shelf> = new Set<Shelf>(['event', 'lead']);

function moveChildren(scope: Scope, source: Row, destination: Row): void {
  for (const shelf of SHELVES) {
    if (STAYS.has(shelf)) continue;
    for (const row of scope.store.under(shelf, source.id)) keep(scope, shelf, { ...row, lead_id: destination.id });
  }
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? shown(value as JsonObject) : {}; // rows hold JSON: an object here is a plain one
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
