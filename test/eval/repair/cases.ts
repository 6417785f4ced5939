/** Fifty wrong calls, as agents make them. Each has one meaning; `gives` says what is there when it was understood. */
import type { Call, Knowledge } from './agent.ts';

export interface Wrong {
  readonly name: string;
  readonly call: Omit<Call, 'input'> & { readonly input: Readonly<Record<string, unknown>> };
  readonly knows?: Knowledge;
  /** Part of the data of the call that succeeds in the end. */
  readonly gives: object;
  /** Whose call it is; default a user with a connection on every backend. */
  readonly user?: string;
}

const NORTHPINE: Knowledge = { words: ['Northpine'] };
const DEAL: Knowledge = { words: ['Northpine Logistics'] };

/** `$lead`, `$contact` and so on stand for ids of Northpine Logistics in the demo, which a test puts in. */
export const WRONG_CALLS: readonly Wrong[] = [
  // An operation by another name.
  { name: "Composio's name of a tool", call: { operation: 'CLOSE_CREATE_LEAD', input: { name: 'Acme' } }, gives: { name: 'Acme' } },
  { name: 'camel case', call: { operation: 'createLead', input: { name: 'Acme' } }, gives: { name: 'Acme' } },
  { name: 'a plural', call: { operation: 'close.leads.list', input: {} }, gives: { has_more: false } },
  { name: "another CRM's noun", call: { operation: 'close.deal.list', input: {} }, gives: { data: [{ value_currency: 'USD' }] } },
  { name: 'another verb', call: { operation: 'close.note.add', input: { lead_id: '$lead', note: 'Hi' } }, gives: { note: 'Hi' } },
  { name: 'no app', call: { operation: 'lead.create', input: { name: 'Acme' } }, gives: { name: 'Acme' } },
  { name: 'a typing error', call: { operation: 'close.call.lgo', input: { lead_id: '$lead', duration: 5 } }, gives: { duration: 5 } },
  {
    name: 'a person for a contact',
    call: { operation: 'close.person.create', input: { lead_id: '$lead', name: 'Bo' } },
    gives: { name: 'Bo' },
  },
  { name: 'whoami', call: { operation: 'close.whoami', input: {} }, gives: { first_name: 'Ada' } },
  { name: 'finish for complete', call: { operation: 'close.task.finish', input: { task_id: '$task' } }, gives: { is_complete: true } },
  { name: 'a past tense', call: { operation: 'close.opportunity.won', input: { opportunity_id: '$deal' } }, gives: { status_type: 'won' } },

  // A field by another name.
  { name: 'letters swapped', call: { operation: 'close.lead.create', input: { nmae: 'Acme' } }, gives: { name: 'Acme' } },
  { name: 'company for name', call: { operation: 'close.lead.create', input: { company: 'Acme' } }, gives: { name: 'Acme' } },
  {
    name: 'camel case of a field',
    call: { operation: 'close.lead.get', input: { leadId: '$lead' } },
    gives: { name: 'Northpine Logistics' },
  },
  { name: 'id for lead_id', call: { operation: 'close.lead.get', input: { id: '$lead' } }, gives: { name: 'Northpine Logistics' } },
  { name: 'a plural field', call: { operation: 'close.note.create', input: { lead_id: '$lead', notes: 'Hi' } }, gives: { note: 'Hi' } },
  { name: 'body for note', call: { operation: 'close.note.create', input: { lead_id: '$lead', body: 'Hi' } }, gives: { note: 'Hi' } },
  {
    name: 'title for text',
    call: { operation: 'close.task.create', input: { lead_id: '$lead', title: 'Ring Bo' } },
    gives: { text: 'Ring Bo' },
  },
  {
    name: 'due_date for date',
    call: { operation: 'close.task.create', input: { lead_id: '$lead', text: 'x', due: '2026-12-01' } },
    gives: { date: '2026-12-01' },
  },
  {
    name: 'amount for value',
    call: { operation: 'close.opportunity.create', input: { lead_id: '$lead', amount: 5000 } },
    gives: { value: 5000 },
  },
  {
    name: 'a nested field',
    call: { operation: 'close.lead.create', input: { name: 'Acme', contacts: [{ nmae: 'Bo' }] } },
    gives: { contacts: [{ name: 'Bo' }] },
  },
  {
    name: 'a field of a list in a list',
    call: { operation: 'close.contact.create', input: { lead_id: '$lead', name: 'Bo', emails: [{ address: 'bo@x.example' }] } },
    gives: { emails: [{ email: 'bo@x.example' }] },
  },
  {
    name: 'a field that nobody has',
    call: { operation: 'close.lead.create', input: { name: 'Acme', frobnicate: true } },
    gives: { name: 'Acme' },
  },

  // A value by another name, of another type or form.
  {
    name: 'incoming for inbound',
    call: { operation: 'close.call.log', input: { lead_id: '$lead', direction: 'incoming' } },
    gives: { direction: 'inbound' },
  },
  {
    name: 'an underscore for a hyphen',
    call: { operation: 'close.call.log', input: { lead_id: '$lead', status: 'no_answer' } },
    gives: { status: 'no-answer' },
  },
  {
    name: 'yearly for annual',
    call: { operation: 'close.opportunity.create', input: { lead_id: '$lead', value: 100, value_period: 'yearly' } },
    gives: { value_period: 'annual' },
  },
  {
    name: 'upper case',
    call: { operation: 'close.task.update', input: { task_id: '$task', priority: 'High' } },
    gives: { priority: 'high' },
  },
  {
    name: 'a number as text',
    call: { operation: 'close.call.log', input: { lead_id: '$lead', duration: '120' } },
    gives: { duration: 120 },
  },
  {
    name: 'an amount in dollars',
    call: { operation: 'close.opportunity.create', input: { lead_id: '$lead', value: 199.99 } },
    gives: { value: 19_999 },
  },
  {
    name: 'true as text',
    call: { operation: 'close.task.update', input: { task_id: '$task', is_complete: 'true' } },
    gives: { is_complete: true },
  },
  {
    name: 'an object for a list',
    call: { operation: 'close.lead.create', input: { name: 'Acme', contacts: { name: 'Bo' } } },
    gives: { contacts: [{ name: 'Bo' }] },
  },
  {
    name: 'commas for a list',
    call: { operation: 'close.lead.get', input: { lead_id: '$lead', fields: 'id,name' } },
    gives: { name: 'Northpine Logistics' },
  },
  { name: 'a number for a text', call: { operation: 'close.lead.create', input: { name: 42 } }, gives: { name: '42' } },
  {
    name: 'a date with slashes',
    call: { operation: 'close.opportunity.update', input: { opportunity_id: '$deal', date_won: '2026/03/31' } },
    gives: { date_won: '2026-03-31' },
  },
  {
    name: 'a date in words',
    call: { operation: 'close.opportunity.update', input: { opportunity_id: '$deal', date_won: 'March 30, 2026' } },
    gives: { date_won: '2026-03-30' },
  },
  { name: 'more than can be skipped', call: { operation: 'close.task.list', input: { skip: 99_999 } }, gives: { data: [] } },

  // An id that is missing, of another kind, or nobody's.
  {
    name: 'no lead',
    call: { operation: 'close.note.create', input: { note: 'Hi' } },
    knows: NORTHPINE,
    gives: { note: 'Hi', lead_id: '$lead' },
  },
  {
    name: "a lead's name for its id",
    call: { operation: 'close.lead.get', input: { lead_id: 'Northpine Logistics' } },
    gives: { id: '$lead' },
  },
  {
    name: "a contact's id for a lead's",
    call: { operation: 'close.lead.get', input: { lead_id: '$contact' } },
    knows: NORTHPINE,
    gives: { id: '$lead' },
  },
  {
    name: 'an id that nobody has',
    call: { operation: 'close.lead.get', input: { lead_id: 'lead_doesNotExist' } },
    knows: NORTHPINE,
    gives: { id: '$lead' },
  },
  {
    name: 'an id that nobody has, in a write',
    call: { operation: 'close.contact.update', input: { contact_id: 'cont_doesNotExist', title: 'CFO' } },
    knows: { words: ['Ingrid'] },
    gives: { id: '$contact', title: 'CFO' },
  },
  {
    name: 'no opportunity',
    call: { operation: 'close.opportunity.update', input: { note: 'Hot' } },
    knows: DEAL,
    gives: { id: '$deal', note: 'Hot' },
  },
  {
    name: 'a label for a status',
    call: { operation: 'close.lead.update', input: { lead_id: '$lead', status: 'Qualified' } },
    gives: { status_label: 'Qualified' },
  },
  {
    name: "a user's name for an id",
    call: { operation: 'close.task.update', input: { task_id: '$task', assigned_to: 'Jonas' } },
    gives: { assigned_to_name: 'Jonas Vale' },
  },

  // A connection, a limit, a policy.
  { name: 'no connection', user: 'bob', call: { operation: 'close.lead.create', input: { name: 'By Bob' } }, gives: { name: 'By Bob' } },
  {
    name: 'a connection that has expired',
    user: 'carol',
    call: { operation: 'close.lead.create', input: { name: 'By Carol' } },
    gives: { name: 'By Carol' },
  },
  {
    name: 'two accounts',
    user: 'dora',
    call: { operation: 'close.me.get', input: {} },
    knows: { words: ['Ada'] },
    gives: { first_name: 'Ada' },
  },
  {
    name: 'a connection that is not there',
    call: { operation: 'close.me.get', input: {}, via: 'composio:ca_nobody' },
    gives: { first_name: 'Ada' },
  },
  {
    name: 'a field that the chosen backend cannot carry',
    call: { operation: 'close.call.create', input: { lead_id: '$lead', disposition: 'error' }, via: 'rest' },
    gives: { lead_id: '$lead' },
  },
  {
    name: 'a limit that is used up',
    user: 'erin',
    call: { operation: 'close.me.get', input: {}, timeoutMs: 700 },
    gives: { first_name: 'Ada' },
  },
  { name: 'a delete that needs consent', call: { operation: 'close.note.delete', input: { note_id: '$note' } }, gives: { deleted: true } },
  {
    name: 'a key that was used before',
    call: { operation: 'close.lead.create', input: { name: 'Again' }, idempotencyKey: 'used' },
    gives: { name: 'Again' },
  },
];
