import { describe, expect, it } from 'vitest';
import { entryOf, problemsOf } from './lead-side.ts';

const lead_id = 'lead_1';
const sms = { lead_id, status: 'outbox', local_phone: '+14155550100', remote_phone: '+14155550132', text: 'Hi' };
const email = { lead_id, status: 'outbox', sender: 'maya@quillsales.example', to: ['ingrid@northpine.example'], body_text: 'Hello' };

/** What Close would do silently or refuse late: operation, input, and what the caller is told. */
const REFUSED: readonly (readonly [string, string, unknown, RegExp])[] = [
  ['contact.create', 'without a lead, where Close would make a stray one', { name: 'Ingrid' }, /^lead_id: /],
  ['opportunity.create', 'without a lead', { value: 100 }, /^lead_id: /],
  ['call.create', 'without a lead', { direction: 'outbound' }, /^lead_id: /],
  ['sms.create', 'without a lead', { status: 'draft', text: 'Hi' }, /^lead_id: /],
  ['note.create', 'without a lead', { note: 'Hi' }, /^lead_id: /],
  ['task.create', 'without a lead', { text: 'Do' }, /^lead_id: /],
  ['email.create', 'without a lead', { status: 'draft' }, /^lead_id: /],
  ['lead.get', 'an id of another kind', { lead_id: 'cont_1' }, /lead_id: must be an id that starts with lead_/],
  ['lead.get', 'an id that would leave the path', { lead_id: 'lead_../me' }, /must be an id/],
  ['lead.get', 'an id with a line break', { lead_id: 'lead_1\r\nX: y' }, /must be an id/],
  ['task.get', 'an id of another kind', { task_id: 'acti_1' }, /task_ or noti_/],
  ['lead.create', 'a status by name', { name: 'A', status: 'Potential' }, /status/],
  ['lead.update', 'nested contacts', { lead_id, contacts: [] }, /contacts/],
  [
    'lead.update',
    'a custom field changed twice',
    { lead_id, custom: { cf_a: ['x'] }, custom_add: { cf_a: 'y' } },
    /custom_add: changes cf_a a second time/,
  ],
  ['lead.update', 'two values added to one custom field', { lead_id, custom_add: { cf_a: ['x', 'y'] } }, /custom_add\.cf_a/],
  ['lead.merge', 'a lead into itself', { source: lead_id, destination: lead_id }, /destination: must be another lead/],
  ['lead.list', 'a page larger than Close allows', { limit: 201 }, /limit/],
  ['contact.create', 'what is no e-mail address', { lead_id, emails: [{ email: 'ingrid' }] }, /emails\.0\.email/],
  ['contact.update', 'more than a hundred phones', { contact_id: 'cont_1', phones: Array(101).fill({ phone: '+14155550132' }) }, /phones/],
  ['opportunity.create', 'a value in units instead of cents', { lead_id, value: 12.5 }, /value/],
  ['opportunity.create', 'a currency', { lead_id, value_currency: 'EUR' }, /value_currency/],
  ['opportunity.create', 'an expected date', { lead_id, expected_date: '2026-03-09' }, /expected_date/],
  ['opportunity.create', 'a confidence above 100', { lead_id, confidence: 101 }, /confidence/],
  ['opportunity.update', 'a status by name', { opportunity_id: 'oppo_1', status: 'Won' }, /status/],
  ['opportunity.list', 'a label that the wire would split', { status_label__in: ['Won, big'] }, /comma/],
  ['task.create', 'a to-do without text', { lead_id }, /text: is required for a task of type lead/],
  [
    'task.create',
    'a call without a contact',
    { lead_id, _type: 'outgoing_call' },
    /contact_id: is required for a task of type outgoing_call/,
  ],
  ['task.create', 'a type that only Close makes', { lead_id, _type: 'missed_call', text: 'x' }, /_type/],
  ['task.create', 'the old name of the date', { lead_id, text: 'x', due_date: '2026-03-09' }, /due_date/],
  ['task.create', 'a date that is none', { lead_id, text: 'x', date: '2026-13-09' }, /date: must be a date/],
  ['task.bulk_update', 'no filter', { where: {}, set: { is_complete: true } }, /where: .*ALL tasks/],
  ['task.bulk_update', 'a filter that lets everything through', { where: { _type: 'all' }, set: { is_complete: true } }, /ALL tasks/],
  ['task.bulk_update', 'an empty list of ids', { where: { id__in: [] }, set: { is_complete: true } }, /where\.id__in/],
  ['task.bulk_update', 'nothing to change', { where: { lead_id }, set: {} }, /set: needs at least one/],
  ['activity.list', 'a kind without a lead', { _type: 'Call' }, /_type: goes with exactly one lead_id/],
  [
    'activity.list',
    'a user over two leads',
    { lead_id: ['lead_1', 'lead_2'], user_id: 'user_1' },
    /user_id: goes with exactly one lead_id/,
  ],
  ['activity.list', 'a contact without a lead', { contact_id: 'cont_1' }, /contact_id: goes with exactly one/],
  [
    'activity.list',
    'activity_at without its order',
    { lead_id, activity_at__gte: '2026-03-01' },
    /activity_at__gte: goes with order_by -activity_at/,
  ],
  [
    'activity.list',
    'the order by activity_at over all leads',
    { order_by: '-activity_at' },
    /order_by: -activity_at goes with exactly one lead_id/,
  ],
  ['call.list', 'activity_at without its order', { lead_id, activity_at__lt: '2026-03-01' }, /goes with order_by/],
  [
    'call.list',
    'the other time than the one it sorts by',
    { lead_id, order_by: '-activity_at', date_created__gt: '2026-03-01' },
    /use activity_at__/,
  ],
  ['call.create', 'an underscore in a status', { lead_id, status: 'no_answer' }, /status/],
  ['call.create', 'the direction of an e-mail', { lead_id, direction: 'outgoing' }, /direction/],
  ['call.create', 'more than a week', { lead_id, duration: 604_801 }, /duration/],
  [
    'call.create',
    'a recording that is not https',
    { lead_id, recording_url: 'http://files.example/a.mp3' },
    /recording_url: must be a URL that starts with https/,
  ],
  [
    'call.create',
    'two texts, of which one would be lost',
    { lead_id, note: 'a', note_html: '<body>b</body>' },
    /note: cannot be given together/,
  ],
  ['note.create', 'nothing to say', { lead_id }, /note: is required/],
  ['note.create', 'HTML without its root', { lead_id, note_html: '<p>Hi</p>' }, /note_html: must be HTML inside one <body>/],
  ['sms.create', 'no status', { lead_id, text: 'Hi' }, /status/],
  ['sms.create', 'a real message without our number', { ...sms, local_phone: undefined }, /local_phone: is required with status outbox/],
  ['sms.create', 'a real message without their number', { ...sms, remote_phone: undefined }, /remote_phone: is required/],
  ['sms.create', 'a real message without content', { ...sms, text: undefined }, /text: is required/],
  ['sms.create', 'scheduled without a time', { ...sms, status: 'scheduled' }, /date_scheduled: is required with status scheduled/],
  [
    'sms.create',
    'a time with outbox, which sends at once',
    { ...sms, date_scheduled: '2026-03-09T10:00:00Z' },
    /date_scheduled: does not go with status outbox/,
  ],
  ['sms.create', 'an undo window on a draft', { ...sms, status: 'draft', send_in: 5 }, /send_in: goes with status outbox only/],
  ['sms.create', 'an undo window of a minute', { ...sms, send_in: 60 }, /send_in/],
  ['sms.create', 'an inbox task for what was sent', { ...sms, send_to_inbox: true }, /send_to_inbox: goes with status inbox/],
  ['sms.update', 'scheduled without a time', { sms_id: 'acti_1', status: 'scheduled' }, /date_scheduled: is required/],
  ['email.create', 'to be sent without a sender', { ...email, sender: undefined }, /sender: is required with status outbox/],
  ['email.create', 'received without a sender', { lead_id, status: 'inbox' }, /sender: is required with status inbox/],
  ['email.create', 'failed without a sender', { lead_id, status: 'error' }, /sender: is required with status error/],
  ['email.create', 'scheduled without a time', { ...email, status: 'scheduled' }, /date_scheduled: is required/],
  ['email.create', 'a name among the recipients', { ...email, to: ['Ingrid <ingrid@northpine.example>'] }, /to\.0/],
  ['email.create', 'a sender that starts a header', { ...email, sender: 'a@b.example\r\nBcc: c@d.example' }, /sender/],
  ['email.update', 'an undo window on a draft', { email_id: 'acti_1', send_in: 5 }, /send_in: goes with status outbox only/],
  ['sms.send', 'without text', { lead_id, local_phone: '+14155550100', remote_phone: '+14155550132' }, /text: is required/],
  ['sms.send', 'a status of its own', sms, /status/],
  ['email.send', 'without recipients', { lead_id, sender: 'a@b.example', to: [], body_text: 'Hi' }, /to/],
  ['email.send', 'without body or template', { lead_id, sender: 'a@b.example', to: ['c@d.example'] }, /body_text: is required/],
  [
    'email.send',
    'a template that would not be used',
    { ...email, status: undefined, template_id: 'tmpl_1' },
    /template_id: would not be used/,
  ],
  ['email.log', 'received from nobody', { lead_id, direction: 'incoming', body_text: 'Hi' }, /sender: is required/],
  ['lead.find', 'nothing to find by', {}, /at least one of name, email, phone, url/],
  ['contact.add_details', 'nothing to add', { contact_id: 'cont_1', emails: [] }, /at least one of emails/],
];

const ACCEPTED: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['task.create', 'a day stays a day', { lead_id, text: 'x', date: '2026-03-09' }],
  ['task.create', 'an instant keeps its offset', { lead_id, text: 'x', date: '2026-03-09T14:30:00-08:00' }],
  ['task.create', 'a call to make needs no text', { lead_id, _type: 'outgoing_call', contact_id: 'cont_1' }],
  ['opportunity.update', 'null clears and stays null', { opportunity_id: 'oppo_1', date_won: null, value: null, contact_id: null }],
  ['contact.update', 'null clears and stays null', { contact_id: 'cont_1', name: null, custom: { cf_a: null } }],
  ['call.create', 'every status with a hyphen', { lead_id, status: 'no-answer', duration: 0 }],
  ['email.create', 'a draft needs nobody', { lead_id, status: 'draft' }],
  ['email.create', 'a sent one takes the user as sender', { lead_id, status: 'sent', to: ['c@d.example'] }],
  ['email.create', 'a sender with a name', { ...email, sender: '"Maya Okafor" <maya@quillsales.example>' }],
  ['email.create', 'an undo window with outbox', { ...email, send_in: 59 }],
  ['sms.create', 'scheduled with a time', { ...sms, status: 'scheduled', date_scheduled: '2026-03-09T10:00:00Z' }],
  ['sms.create', 'a template instead of text', { ...sms, text: null, template_id: 'smstmpl_1' }],
  ['activity.list', 'several leads without further filter', { lead_id: ['lead_1', 'lead_2'] }],
  [
    'activity.list',
    'a kind and its time within one lead',
    { lead_id, _type: 'Call', order_by: '-activity_at', activity_at__gte: '2026-03-01' },
  ],
  ['activity.list', 'a custom kind', { lead_id, _type: 'actitype_1' }],
  ['call.list', 'a user without a lead', { user_id: 'user_1' }],
  ['task.bulk_update', 'a filter that narrows', { where: { _type: 'missed_call' }, set: { is_complete: true } }],
];

describe('nothing is sent for', () => {
  it.each(REFUSED)('%s: %s', (id, _, input, told) => {
    expect(problemsOf(id, input).join('\n')).toMatch(told);
  });
});

describe('accepted as it is', () => {
  it.each(ACCEPTED)('%s: %s', (id, _, input) => {
    expect(entryOf(id).input.parse(input)).toEqual(input);
  });
});
