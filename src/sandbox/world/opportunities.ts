import type { JsonObject } from '../../contract/guards.ts';
import { asDay, instant, listOf, oneOf, ref, rich, shape, solid, text, whole } from './checks.ts';
import { make, verbs } from './engine.ts';
import { opportunityStatusPair } from './history.ts';
import type { Filter, Handlers, Kind, Scope, SortKey } from './kind.ts';
import { among, dates } from './listing.ts';
import { formatMoney, moneyFields } from './money.ts';
import { contactName, leadName } from './names.ts';
import { refuseField } from './refuse.ts';
import { asFlag, asList, numberOf, type Row, textOf, without } from './row.ts';
import { currency, find, rowsOf, today, userName } from './rows.ts';
import { hasPhrase, settleNote } from './text.ts';

const PERIODS = ['one_time', 'monthly', 'annual'] as const;

export const opportunity: Kind = {
  noun: 'opportunity',
  shelf: 'opportunity',
  prefix: 'oppo',
  idNames: ['opportunity_id', 'id'],
  stamps: 'mongo',
  names: ['user_id', 'created_by', 'updated_by'],
  closed: true,
  custom: 'opportunity',
  event: () => 'opportunity',
  fields: {
    status_id: solid(ref('opportunity_status')),
    status: solid(text()),
    confidence: solid(whole(0, 100)),
    value: whole(0, Number.MAX_SAFE_INTEGER),
    value_period: solid(oneOf(PERIODS)),
    note: text(),
    note_html: rich,
    contact_id: ref('contact'),
    user_id: ref('user'),
    date_won: asDay,
    attachments: listOf(shape({ url: text(), filename: text(), content_type: text() }), 100),
  },
  onCreate: { lead_id: ref('lead'), pipeline_id: ref('pipeline'), created_by: ref('user'), date_created: instant },
  defaults: (scope) => ({
    contact_id: null,
    user_id: scope.actor.userId,
    confidence: 50, // guess: what a new opportunity gets
    value: null,
    value_period: 'one_time',
    note: '',
    note_html: '<body><p></p></body>',
    attachments: [],
    date_won: null,
    date_lost: null,
  }),
  settle: (scope, row, { body, before }) => {
    const status = statusOf(scope, body, before);
    return {
      ...without(row, ['status', 'pipeline_id']),
      id: row.id,
      lead_id: row['lead_id'] ?? strayLead(scope),
      ...settleNote(body, 'note', 'note_html'),
      status_id: status.id,
      ...datesOf(scope, row, status),
    };
  },
  after: (scope, row, { before }) => {
    if (!before || row['status_id'] === before['status_id']) return;
    make(scope, 'opportunity_status_change', {
      lead_id: row['lead_id'],
      contact_id: row['contact_id'],
      opportunity_id: row.id,
      ...opportunityStatusPair(scope, before['status_id'], row['status_id']),
      opportunity_value: row['value'],
      opportunity_value_currency: currency(scope),
      opportunity_value_period: row['value_period'],
      opportunity_confidence: row['confidence'],
      opportunity_date_won: row['date_won'],
    });
  },
  show: (scope, row) => ({
    lead_name: leadName(scope, row['lead_id']),
    contact_name: contactName(scope, row['contact_id']),
    ...statusFields(scope, row),
    ...moneyFields(row, currency(scope)),
    is_stalled: false,
    stall_status: null,
    suggested_action: null,
    integration_links: [],
  }),
  list: {
    total: true,
    newestFirst: true,
    filters: {
      ...among('lead_id', 'user_id', 'status_id', 'value_period'),
      ...byStatus('status_type', 'type'),
      ...byStatus('status_label', 'label'),
      ...byStatus('status', 'label'),
      ...dates('date_won'),
      ...dates('date_created'),
      ...dates('date_updated'),
      query: (scope, row, value) => matchesText(scope, row, String(value)),
      is_stalled: (_, _row, value) => !asFlag(value),
    },
    order: orders(),
    extra: (scope, rows, input) => (input['group_by'] === undefined ? aggregates(scope, rows) : groups(scope, rows, input['group_by'])),
  },
};

export const opportunityHandlers: Handlers = verbs(opportunity, ['list', 'create', 'get', 'update', 'delete']);

/** Without `lead_id` Close makes a new untitled lead. Source: close-rest.md §11. */
function strayLead(scope: Scope): string {
  return make(scope, 'lead', {}).id;
}

function statusOf(scope: Scope, body: JsonObject, before: Row | undefined): Row {
  const statuses = rowsOf(scope, 'opportunity_status');
  const pipeline = body['pipeline_id'];
  const inPipeline = typeof pipeline === 'string' ? statuses.filter((one) => one['pipeline_id'] === pipeline) : statuses;
  if (typeof body['status_id'] === 'string') {
    return (
      inPipeline.find((one) => one.id === body['status_id']) ?? refuseField('status_id', 'The status does not belong to the pipeline.')
    );
  }
  if (typeof body['status'] === 'string') {
    return inPipeline.find((one) => one['label'] === body['status']) ?? refuseField('status', 'No such opportunity status.');
  }
  const kept = statuses.find((one) => one.id === before?.['status_id']);
  return kept ?? inPipeline[0] ?? refuseField('status_id', 'The pipeline has no statuses.');
}

/** Moving to won fills `date_won` with today if empty; leaving won keeps it. `date_lost` is Close's own. */
function datesOf(scope: Scope, row: Row, status: Row): JsonObject {
  const type = status['type'];
  return {
    date_won: type === 'won' ? (row['date_won'] ?? today(scope)) : row['date_won'],
    date_lost: type === 'lost' ? (row['date_lost'] ?? today(scope)) : null,
  };
}

function statusFields(scope: Scope, row: Row): JsonObject {
  const status = find(scope, 'opportunity_status', row['status_id']);
  const pipeline = find(scope, 'pipeline', status?.['pipeline_id']);
  return {
    status_label: status?.['label'] ?? null,
    status_display_name: status?.['label'] ?? null,
    status_type: status?.['type'] ?? null,
    pipeline_id: pipeline?.id ?? null,
    pipeline_name: pipeline?.['name'] ?? null,
  };
}

function byStatus(name: string, field: string): Readonly<Record<string, Filter>> {
  const test: Filter = (scope, row, value) =>
    asList(value).includes(textOf(find(scope, 'opportunity_status', row['status_id']) ?? {}, field));
  return { [name]: test, [`${name}__in`]: test };
}

function matchesText(scope: Scope, row: Row, wanted: string): boolean {
  return hasPhrase(`${textOf(row, 'note')} ${leadName(scope, row['lead_id'])} ${contactName(scope, row['contact_id']) ?? ''}`, wanted);
}

function orders(): Readonly<Record<string, SortKey>> {
  const money =
    (field: string): SortKey =>
    (scope, row) =>
      numberOf(moneyFields(row, currency(scope)), field);
  return {
    date_won: (_, row) => textOf(row, 'date_won'),
    date_updated: (_, row) => textOf(row, 'date_updated'),
    date_created: (_, row) => textOf(row, 'date_created'),
    confidence: (_, row) => numberOf(row, 'confidence'),
    user_name: (scope, row) => userName(scope, row['user_id']) ?? '',
    value: (_, row) => numberOf(row, 'value'),
    annualized_value: money('annualized_value'),
    annualized_expected_value: money('annualized_expected_value'),
  };
}

/** Sums over everything that passed the filters, not only the page. */
function aggregates(scope: Scope, rows: readonly Row[]): JsonObject {
  const unit = currency(scope);
  const totals: Record<string, number> = {};
  const counts: Record<string, number> = {};
  for (const kind of ['total', 'expected']) for (const name of [...PERIODS, 'annualized']) totals[`${kind}_value_${name}`] = 0;
  const add = (name: string, amount: number): void => {
    totals[name] = (totals[name] ?? 0) + amount;
  };
  for (const row of rows) {
    const period = textOf(row, 'value_period');
    const money = moneyFields(row, unit);
    counts[period] = (counts[period] ?? 0) + 1;
    add(`total_value_${period}`, numberOf(row, 'value'));
    add(`expected_value_${period}`, numberOf(money, 'expected_value'));
    add('total_value_annualized', numberOf(money, 'annualized_value'));
    add('expected_value_annualized', numberOf(money, 'annualized_expected_value'));
  }
  const formatted = Object.entries(totals).map(([name, amount]) => [`${name}_formatted`, formatMoney(amount, unit)]);
  return { count_by_value_period: counts, ...totals, ...Object.fromEntries(formatted) };
}

/** guess: the shape of a group; the reference only says that `data` holds groups. */
function groups(scope: Scope, rows: readonly Row[], by: unknown): JsonObject {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const key = by === 'user_id' ? textOf(row, 'user_id') : textOf(row, 'date_won').slice(0, by === 'date_won__year' ? 4 : 7);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return {
    data: Array.from(found, ([key, members]) => ({ group: key, count: members.length, ...aggregates(scope, members) })),
    has_more: false,
  };
}
