import { isObject, type JsonObject } from '../../contract/guards.ts';
import { REQUIRED } from './checks.ts';
import { momentMs } from './clock.ts';
import { change, nounOf } from './engine.ts';
import { base62 } from './ids.ts';
import type { Handlers, Scope } from './kind.ts';
import { moneyFields } from './money.ts';
import { refuseField } from './refuse.ts';
import { asList, numberOf, type Row, textOf } from './row.ts';
import { currency, find, rowsOf, userName } from './rows.ts';

/** A signed form for S3. guess: the names inside `fields`. Nothing is stored here: the upload itself goes to S3. */
function upload(scope: Scope, input: JsonObject): JsonObject {
  const name = requiredText(input, 'filename');
  const type = requiredText(input, 'content_type');
  const key = `orga/${base62(scope.random, 22)}/${encodeURIComponent(name)}`;
  const fields = { key, 'Content-Type': type, policy: base62(scope.random, 40), signature: base62(scope.random, 40) };
  return { upload: { url: 'https://uploads.example/', fields }, download: { url: `https://app.close.com/go/file/${key}` } };
}

function requiredText(input: JsonObject, name: string): string {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : refuseField(name, REQUIRED);
}

/** guess: what an enrichment finds. Here it is a text that says so; an existing value stays unless it may be overwritten. */
function enrich(scope: Scope, input: JsonObject): JsonObject {
  const type = requiredText(input, 'object_type');
  const target =
    find(scope, type === 'contact' ? 'contact' : 'lead', input['object_id']) ?? refuseField('object_id', 'Object does not exist.');
  const field = find(scope, 'custom_field', input['field_id']) ?? refuseField('field_id', 'Object does not exist.');
  const held = isObject(target['custom']) ? target['custom'][field.id] : undefined;
  const value = enrichedValue(field);
  const isFree = held === undefined || input['overwrite_existing_value'] === true;
  if (isFree && input['set_new_value'] !== false) change(scope, nounOf(target), target, { custom: { [field.id]: value } });
  return {
    object_type: type,
    object_id: target.id,
    field_id: field.id,
    value,
    existing_value: held ?? null,
    was_set: isFree && input['set_new_value'] !== false,
  };
}

function enrichedValue(field: Row): unknown {
  if (field['type'] === 'number') return 1;
  if (field['type'] === 'choices') return asList(field['choices'])[0];
  return 'Enriched by the sandbox';
}

interface Period {
  readonly from: number;
  readonly to: number;
}

type Metric = (scope: Scope, period: Period, users: readonly string[]) => number;

const activities =
  (type: string, direction?: string): Metric =>
  (scope, period, users) =>
    rowsOf(scope, 'activity').filter(
      (row) =>
        row['_type'] === type &&
        (direction === undefined || row['direction'] === direction) &&
        isWithin(row, 'activity_at', period) &&
        isBy(row, 'user_id', users),
    ).length;

const wonValue: Metric = (scope, period, users) =>
  rowsOf(scope, 'opportunity')
    .filter((row) => isWithin(row, 'date_won', period) && isBy(row, 'user_id', users))
    .reduce((sum, row) => sum + numberOf(moneyFields(row, currency(scope)), 'annualized_value'), 0);

/** The metrics the sandbox can count. guess: any other name answers 0 instead of a refusal. */
const METRICS: Readonly<Record<string, Metric>> = {
  'calls.all.count': activities('Call'),
  'calls.inbound.all.count': activities('Call', 'inbound'),
  'calls.outbound.all.count': activities('Call', 'outbound'),
  'emails.sent.all.count': activities('Email', 'outgoing'),
  'emails.received.all.count': activities('Email', 'incoming'),
  'sms.sent.all.count': activities('SMS', 'outbound'),
  'sms.received.all.count': activities('SMS', 'inbound'),
  'notes.all.count': activities('Note'),
  'meetings.all.count': activities('Meeting'),
  'opportunities.won.all.value.annualized': wonValue,
  'leads.created.all.count': (scope, period, users) =>
    rowsOf(scope, 'lead').filter((row) => isWithin(row, 'date_created', period) && isBy(row, 'created_by', users)).length,
};

function isWithin(row: Row, field: string, period: Period): boolean {
  const ms = momentMs(row[field], 0);
  return ms !== undefined && ms >= period.from && ms < period.to;
}

function isBy(row: Row, field: string, users: readonly string[]): boolean {
  return users.length === 0 || users.includes(textOf(row, field));
}

function report(scope: Scope, input: JsonObject): JsonObject {
  const type = requiredText(input, 'type');
  if (type !== 'overview' && type !== 'comparison') refuseField('type', 'Not one of overview, comparison.');
  if (!Array.isArray(input['metrics'])) refuseField('metrics', REQUIRED);
  const metrics = asList(input['metrics']);
  const period = periodOf(scope, input);
  const users = asList(input['users']);
  const rows = type === 'comparison' ? perUser(scope, metrics, period, users) : [];
  return { aggregations: { totals: measure(scope, metrics, period, users) }, data: rows };
}

function measure(scope: Scope, metrics: readonly string[], period: Period, users: readonly string[]): JsonObject {
  return Object.fromEntries(metrics.map((name) => [name, METRICS[name]?.(scope, period, users) ?? 0]));
}

function perUser(scope: Scope, metrics: readonly string[], period: Period, users: readonly string[]): readonly JsonObject[] {
  const all = rowsOf(scope, 'membership').map((row) => textOf(row, 'user_id'));
  return all
    .filter((id) => users.length === 0 || users.includes(id))
    .map((id) => ({ user_id: id, user_name: userName(scope, id), ...measure(scope, metrics, period, [id]) }));
}

const DAY_MS = 86_400_000;
const RELATIVE_DAYS: Readonly<Record<string, number>> = {
  today: 1,
  yesterday: 2,
  'this-week': 7,
  'last-week': 14,
  'this-month': 31,
  'last-month': 62,
  'this-quarter': 92,
  'this-year': 366,
  'all-time': 36_500,
};

/** guess: relative ranges as so many days back from now. */
function periodOf(scope: Scope, input: JsonObject): Period {
  const range = isObject(input['datetime_range']) ? input['datetime_range'] : undefined;
  if (range)
    return { from: momentMs(range['start'], scope.actor.tzOffset) ?? 0, to: momentMs(range['end'], scope.actor.tzOffset) ?? scope.at + 1 };
  const days = RELATIVE_DAYS[String(input['relative_range'] ?? 'all-time')];
  if (days === undefined) refuseField('relative_range', 'Not a valid range.');
  return { from: scope.at - days * DAY_MS, to: scope.at + 1 };
}

export const serviceHandlers: Handlers = {
  'file.upload': upload,
  'field_enrichment.run': enrich,
  'report.activity': report,
};
