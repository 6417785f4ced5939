/** Opportunities: deals at a lead. Source: developer.close.com/api/resources/opportunities */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { custom, day, dayOrInstant, deleted, fields, id, instant, listOf, paging } from './fields.ts';
import { OPPORTUNITY_FILTERS, STATUS_LABEL } from './omissions.ts';
import { checkCustom, checkNote } from './rules.ts';
import { attachment, customChanges, range, richText } from './shared.ts';

const opportunityId = id('oppo', 'The opportunity, from opportunity.list or lead.get');
const STATUS = 'Opportunity status, from pipeline.list; not a lead status, which has the same prefix';
const statusType = z.enum(['active', 'won', 'lost']);
const valuePeriod = z.enum(['one_time', 'monthly', 'annual']);
const PERIOD = 'How often the value is paid: one_time, monthly or annual';
const ORDERS = [
  'date_won',
  'date_updated',
  'date_created',
  'confidence',
  'user_name',
  'value',
  'annualized_value',
  'annualized_expected_value',
] as const;
const descending = <const Name extends string>(name: Name): `-${Name}` => `-${name}`;

/** A list filter travels as text parted by commas, so that a comma inside a label would make two labels of one. */
const label = z.string().regex(/^[^,]+$/, 'must not contain a comma: filter by status_id__in instead');
const several = <Item extends z.ZodType>(item: Item, what: string) => z.array(item).min(1).max(100).optional().describe(what);

/** What create and update share. Money is the organization's own currency: Close has no field to choose another. */
const content = {
  confidence: z.int().min(0).max(100).optional().describe('Probability in percent, 0–100'),
  value_period: valuePeriod.optional().describe(PERIOD),
  note_html: richText('Comment, rich').nullable().optional(),
  contact_id: id('cont', 'The person of the deal, a contact of the same lead; null clears').nullable().optional(),
  user_id: id('user', 'The owner; default is the caller').nullable().optional(),
  date_won: dayOrInstant('When it was won; while it is active, the estimated close date; null clears').nullable().optional(),
  custom: custom.optional(),
};

const CENTS = 'minor units (cents) of value_currency';

/** An opportunity as the app returns it. */
export const opportunity = z.looseObject({
  id: id('oppo', 'The opportunity'),
  lead_id: answer.ref('lead', 'The lead it belongs to'),
  lead_name: answer.text('Name of the lead'),
  contact_id: answer.ref('cont', 'The person of the deal'),
  contact_name: answer.text('Name of the person'),
  user_id: answer.ref('user', 'The owner'),
  user_name: answer.text('Name of the owner'),
  pipeline_id: answer.ref('pipe', 'The pipeline that owns the status'),
  pipeline_name: answer.text('Name of the pipeline'),
  status_id: answer.ref('stat', 'Opportunity status'),
  status_label: answer.text('Name of the status'),
  status_display_name: answer.text('Name of the status as people see it'),
  status_type: answer.text('active, won or lost; follows from the status'),
  confidence: answer.number('Probability in percent, 0–100'),
  value: answer.number(`What is paid per value_period; ${CENTS}`),
  value_period: answer.text(PERIOD),
  value_currency: answer.text('ISO 4217; the currency of the organization, read-only'),
  value_formatted: answer.text('Value as people read it, e.g. $4,800 annually'),
  annualized_value: answer.number(`Value of a year: 12 times a monthly value, else the value; ${CENTS}`),
  expected_value: answer.number(`Value times confidence, per value_period; ${CENTS}`),
  annualized_expected_value: answer.number(`Annualized value times confidence; ${CENTS}`),
  note: answer.text('Comment, plain text'),
  note_html: answer.text('The same comment, HTML in one <body> root'),
  attachments: answer.attachments,
  date_won: answer.text('When it was won; while it is active, the estimated close date; date YYYY-MM-DD'),
  date_lost: answer.text('When it was lost; set by Close; date or date-time, ISO 8601'),
  is_stalled: answer.flag('Close finds that nothing moves'),
  stall_status: answer.opaque('What Close finds wrong when it is stalled, and what to do next'),
  suggested_action: answer.opaque('What Close suggests to do next, with its reason'),
  integration_links: answer.integrationLinks,
  custom: answer.custom,
  ...answer.stamps,
  ...answer.stampNames,
});

const amount = (what: string) => answer.number(`${what} of all that match, not only of this page; minor units (cents) of the currency`);
const amountText = (of: string) => answer.text(`${of} as people read it`);

/** Sums that come with a list. */
const totals = {
  count_by_value_period: z.record(z.string(), z.number()).nullish().describe('How many match per value_period: one_time, monthly, annual'),
  total_value_one_time: amount('Value paid once'),
  total_value_one_time_formatted: amountText('total_value_one_time'),
  total_value_monthly: amount('Value paid monthly'),
  total_value_monthly_formatted: amountText('total_value_monthly'),
  total_value_annual: amount('Value paid annually'),
  total_value_annual_formatted: amountText('total_value_annual'),
  total_value_annualized: amount('Value of a year'),
  total_value_annualized_formatted: amountText('total_value_annualized'),
  expected_value_one_time: amount('Value times confidence, paid once,'),
  expected_value_one_time_formatted: amountText('expected_value_one_time'),
  expected_value_monthly: amount('Value times confidence, paid monthly,'),
  expected_value_monthly_formatted: amountText('expected_value_monthly'),
  expected_value_annual: amount('Value times confidence, paid annually,'),
  expected_value_annual_formatted: amountText('expected_value_annual'),
  expected_value_annualized: amount('Value times confidence, of a year,'),
  expected_value_annualized_formatted: amountText('expected_value_annualized'),
};

export const opportunityList = operation({
  app: 'close',
  id: 'opportunity.list',
  summary: 'List or filter opportunities (deals), with totals over all that match',
  input: z.strictObject({
    lead_id: id('lead', 'Only opportunities of this lead').optional(),
    user_id: id('user', 'Only of this owner').optional(),
    user_id__in: several(id('user', 'An owner'), 'Only of any of these owners'),
    status_id: id('stat', 'Only with this opportunity status').optional(),
    status_id__in: several(id('stat', 'An opportunity status'), 'Only with any of these opportunity statuses'),
    status_type: statusType.optional().describe('Only active, won or lost ones'),
    status_type__in: several(statusType, 'Only of any of these types: active, won, lost'),
    status_label: z.string().min(1).optional().describe('Only with the status of this name; names change, ids do not'),
    status_label__in: several(label, 'Only with a status of any of these names'),
    value_period: valuePeriod.optional().describe('Only with this period: one_time, monthly or annual'),
    value_period__in: several(valuePeriod, 'Only with any of these periods'),
    date_won: day('Only won, or expected to close, on this day').optional(),
    ...range('date_won', 'was won, or is expected to close,', day),
    date_created: dayOrInstant('Only made at this time').optional(),
    ...range('date_created', 'was made'),
    date_updated: dayOrInstant('Only last changed at this time').optional(),
    ...range('date_updated', 'was last changed'),
    query: z.string().max(4000).optional().describe('Close search text over the opportunity itself, e.g. note:important'),
    lead_saved_search_id: id('save', 'Only of leads in this smart view').optional(),
    is_stalled: z.boolean().optional().describe('Only stalled ones (true), or only the others (false)'),
    order_by: z
      .enum([...ORDERS, ...ORDERS.map(descending)])
      .optional()
      .describe('Order; a minus before the name means descending'),
    ...paging,
    fields,
  }),
  output: listOf(opportunity).extend(totals),
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  omissions: OPPORTUNITY_FILTERS,
  http: { method: 'GET', path: '/opportunity/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', status_type: 'active', order_by: '-value' },
  pitfalls: ['Totals (total_value_…, expected_value_…) are over everything that matches, not over the page.', 'Values are in cents.'],
});

export const opportunityCreate = operation({
  app: 'close',
  id: 'opportunity.create',
  summary: 'Create an opportunity (a deal) at a lead',
  input: z
    .strictObject({
      lead_id: id('lead', 'The lead of the deal; required here, because Close would make a new untitled lead without it'),
      status_id: id('stat', `${STATUS}; default is the first status`).optional(),
      pipeline_id: id('pipe', 'Pipeline; when status_id is given too, the pipeline must own that status').nullable().optional(),
      value: z.int().nullable().optional().describe("Minor units (cents) of the organization's currency: 480000 is 4,800.00"),
      note: z.string().nullable().optional().describe('Comment, plain text'),
      ...content,
      attachments: z.array(attachment).optional().describe('Uploaded files'),
      created_by: id('user', 'Import only: who made it').nullable().optional(),
      date_created: instant('Import only: when it was made').nullable().optional(),
    })
    .superRefine(checkNote),
  output: opportunity,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'opportunity.list', by: ['lead_id'], same: ['status_id', 'value', 'value_period', 'note', 'contact_id'] },
  http: { method: 'POST', path: '/opportunity/' },
  example: { lead_id: 'lead_7mKqcZb5WvV0ExampleLead', value: 480_000, value_period: 'annual', confidence: 40, date_won: '2026-06-30' },
  pitfalls: [
    'value is in cents: 4,800.00 is 480000.',
    "There is no value_currency: the currency is the organization's. There is no expected_date: date_won of an active deal is its estimated close date.",
    'Close does not look for duplicates: list the active opportunities of the lead first.',
  ],
});

export const opportunityGet = operation({
  app: 'close',
  id: 'opportunity.get',
  summary: 'Read one opportunity: status, value, dates, owner',
  input: z.strictObject({ opportunity_id: opportunityId, fields }),
  output: opportunity,
  effect: 'read',
  idempotent: true,
  confirm: { how: 'none', why: 'a read changes nothing' },
  http: { method: 'GET', path: '/opportunity/{opportunity_id}/' },
  example: { opportunity_id: 'oppo_8vRtExampleDeal' },
});

export const opportunityUpdate = operation({
  app: 'close',
  id: 'opportunity.update',
  summary: 'Change an opportunity; to close it, opportunity.win and opportunity.lose find the right status',
  input: z
    .strictObject({
      opportunity_id: opportunityId,
      status_id: id('stat', STATUS).optional(),
      value: z.int().nullable().optional().describe("Minor units (cents) of the organization's currency; null clears"),
      note: z.string().nullable().optional().describe('Comment, plain text; null clears'),
      ...content,
      ...customChanges,
      attachments: z.array(attachment).optional().describe('All attached files: the list given REPLACES the whole list'),
    })
    .superRefine((input, context) => {
      checkNote(input, context);
      checkCustom(input, context);
    }),
  output: opportunity,
  effect: 'write',
  idempotent: true,
  confirm: { how: 'read-back', read: 'opportunity.get' },
  omissions: STATUS_LABEL,
  http: { method: 'PUT', path: '/opportunity/{opportunity_id}/' },
  example: { opportunity_id: 'oppo_8vRtExampleDeal', confidence: 70, date_won: '2026-05-31' },
  pitfalls: [
    'A won status fills date_won with today if it is empty; leaving won does not clear it.',
    'attachments replaces what is there.',
    'A field that is left out stays as it is; null clears it.',
  ],
});

export const opportunityDelete = operation({
  app: 'close',
  id: 'opportunity.delete',
  summary: 'Delete an opportunity; to close a deal use opportunity.win or opportunity.lose',
  input: z.strictObject({ opportunity_id: opportunityId }),
  output: deleted,
  effect: 'destructive',
  idempotent: true,
  confirm: { how: 'gone', read: 'opportunity.get' },
  http: { method: 'DELETE', path: '/opportunity/{opportunity_id}/' },
  example: { opportunity_id: 'oppo_8vRtExampleDeal' },
  pitfalls: ['Cannot be undone.', 'Reads can show it for up to a minute afterwards.'],
});
