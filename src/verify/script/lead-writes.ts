import type { JsonObject } from '../../contract/guards.ts';
import type { Known, Step } from '../known.ts';

type Input = (known: Known) => JsonObject;

/** Makes one, remembered as `new <noun>`. */
export const made = (operation: string, input: Input, name?: string): Step => ({
  operation,
  input,
  remember: { [name ?? `new ${operation.split('.')[0]}`]: 'id' },
});

/** Does something with `new <noun>`. */
export const to = (operation: string, id: string, input: Input = () => ({}), name?: string): Step => ({
  operation,
  input: (k) => ({ [id]: k(name ?? `new ${operation.split('.')[0]}`), ...input(k) }),
});

const REMOTE = '+14155550132';
const HOME = 'https://verify.example';
const mail = (k: Known): JsonObject => ({
  lead_id: k('lead'),
  contact_id: k('new contact'),
  sender: k('mail address'),
  to: ['verify@verify.example'],
  cc: ['cc@verify.example'],
  subject: `Verify ${k('mark')}`,
  body_text: 'Plain',
  body_html: '<p>Rich</p>',
});
const message = (k: Known): JsonObject => ({
  lead_id: k('lead'),
  contact_id: k('new contact'),
  text: `Verify ${k('mark')}`,
  local_phone: k('own number'),
  remote_phone: REMOTE,
});
const PEOPLE = 'it would reach a person';
const sending = (step: Step): Step => ({ ...step, sandboxOnly: PEOPLE });

const lead: readonly Step[] = [
  made('lead.create', (k) => ({
    name: `skillrouter verify ${k('mark')}`,
    url: HOME,
    description: 'Made by skillrouter verify\nMay be deleted',
    status_id: k('other lead_status'),
    contacts: [{ name: 'Verify One', title: 'Test', emails: [{ email: 'one@verify.example', type: 'office' }] }],
    addresses: [{ label: 'business', city: 'Oslo', country: 'NO' }],
  })),
  made('lead.create', (k) => ({ name: `skillrouter verify ${k('mark')}` }), 'second lead'),
  to('lead.update', 'lead_id', (k) => ({
    name: `skillrouter verify ${k('mark')}`,
    description: 'Changed',
    url: `${HOME}/changed`,
    status_id: k('some lead_status'),
    addresses: [{ label: 'mailing', city: 'Bergen', country: 'NO' }],
  })),
  to('lead.update', 'lead_id', () => ({ description: null })),
];

const contact: readonly Step[] = [
  made('contact.create', (k) => ({
    lead_id: k('lead'),
    name: 'Verify Contact',
    title: 'Buyer',
    emails: [{ email: 'contact@verify.example', type: 'office' }],
    phones: [{ phone: REMOTE, type: 'mobile' }],
    urls: [{ url: HOME, type: 'url' }],
  })),
  to('contact.update', 'contact_id', () => ({
    name: 'Verify Changed',
    title: 'Seller',
    emails: [{ email: 'changed@verify.example', type: 'home' }],
    phones: [{ phone: '+14155550133', type: 'office' }],
    urls: [{ url: `${HOME}/changed`, type: 'url' }],
  })),
  to('contact.add_details', 'contact_id', () => ({ emails: [{ email: 'more@verify.example', type: 'office' }] })),
];

const opportunity: readonly Step[] = [
  made('opportunity.create', (k) => ({
    lead_id: k('lead'),
    status_id: k('some opportunity_status'),
    value: 123_400,
    value_period: 'monthly',
    confidence: 60,
    note: 'Pilot',
    date_won: '2030-03-09',
    contact_id: k('new contact'),
    user_id: k('user'),
  })),
  made('opportunity.create', (k) => ({ lead_id: k('lead'), pipeline_id: k('some pipeline'), value: 100 }), 'piped opportunity'),
  to('opportunity.update', 'opportunity_id', (k) => ({
    status_id: k('other opportunity_status'),
    value: 50_000,
    value_period: 'annual',
    confidence: 30,
    note: 'Changed',
    date_won: '2031-04-10',
    contact_id: k('new contact'),
    user_id: k('user'),
  })),
  to('opportunity.win', 'opportunity_id', () => ({ date_won: '2030-05-11' })),
  to('opportunity.lose', 'opportunity_id'),
];

const task: readonly Step[] = [
  made('task.create', (k) => ({
    _type: 'lead',
    lead_id: k('lead'),
    text: 'Verify',
    date: '2030-03-09',
    assigned_to: k('user'),
    is_complete: false,
  })),
  made('task.create', (k) => ({ lead_id: k('lead'), text: 'Done', date: '2030-03-10', is_complete: true }), 'done task'),
  to('task.update', 'task_id', (k) => ({ text: 'Changed', date: '2031-04-10', assigned_to: k('user'), is_complete: true })),
  to('task.update', 'task_id', () => ({ is_complete: false })),
  to('task.complete', 'task_id'),
  { operation: 'task.bulk_update', input: (k) => ({ where: { lead_id: k('lead') }, set: { date: '2032-01-02' } }) },
];

const HTML = '<body><p>Rich <strong>text</strong></p></body>';

const activities: readonly Step[] = [
  made('note.create', (k) => ({ lead_id: k('lead'), note: 'Verify', contact_id: k('new contact'), title: 'Titled' })),
  made('note.create', (k) => ({ lead_id: k('lead'), note_html: HTML, pinned: true, user_id: k('user') }), 'rich note'),
  made('note.create', (k) => ({ lead_id: k('lead'), note: 'Dated', activity_at: '2026-11-01T10:00:00Z' }), 'dated note'),
  made(
    'note.create',
    (k) => ({
      lead_id: k('lead'),
      note: 'With a file',
      attachments: [{ url: 'https://app.close.com/go/file/verify', filename: 'verify.pdf', content_type: 'application/pdf' }],
    }),
    'filed note',
  ),
  to('note.update', 'note_id', () => ({ note: 'Changed', title: 'Also changed' })),
  made('comment.create', (k) => ({ object_id: k('new note'), body: '<body><p>Hm</p></body>' })),
  to('comment.update', 'comment_id', () => ({ body: '<body><p>Ha</p></body>' })),
  ...(['completed', 'no-answer', 'busy'] as const).map((status) =>
    made(
      'call.create',
      (k) => ({
        lead_id: k('lead'),
        contact_id: k('new contact'),
        user_id: k('user'),
        direction: status === 'no-answer' ? 'inbound' : 'outbound',
        status,
        duration: 184,
        note: 'Verify',
        phone: REMOTE,
        recording_url: `${HOME}/recording.mp3`,
      }),
      status === 'completed' ? 'new call' : `${status} call`,
    ),
  ),
  made('call.create', (k) => ({ lead_id: k('lead'), direction: 'outbound', disposition: 'busy', duration: 3 }), 'plain call'),
  to('call.update', 'call_id', () => ({ note: 'Changed', duration: 61, status: 'no-answer' })),
  to('call.update', 'call_id', () => ({ status: 'completed' })),
  made('call.log', (k) => ({ lead_id: k('lead'), direction: 'inbound', duration: 5, note: 'Logged' }), 'logged call'),
  ...(['draft', 'inbox', 'sent'] as const).map((status) =>
    made('sms.create', (k) => ({ ...message(k), status }), status === 'draft' ? 'new sms' : `${status} sms`),
  ),
  made('sms.create', (k) => ({ ...message(k), text: undefined, template_id: k('some sms_template'), status: 'draft' }), 'templated sms'),
  to('sms.update', 'sms_id', () => ({ text: 'Changed', status: 'draft' })),
  to('sms.update', 'sms_id', () => ({ status: 'sent' }), 'templated sms'),
  sending(made('sms.create', (k) => ({ ...message(k), status: 'outbox' }), 'outbox sms')),
  sending(made('sms.create', (k) => ({ ...message(k), status: 'scheduled', date_scheduled: '2030-03-09T10:00:00Z' }), 'scheduled sms')),
  made('sms.create', (k) => ({ ...message(k), status: 'draft' }), 'second draft'),
  sending(to('sms.update', 'sms_id', () => ({ status: 'outbox' }), 'second draft')),
  made('sms.log', (k) => ({ ...message(k), direction: 'inbound' }), 'logged sms'),
  sending(made('sms.send', message, 'sent sms two')),
  ...(['draft', 'inbox', 'sent'] as const).map((status) =>
    made('email.create', (k) => ({ ...mail(k), status }), status === 'draft' ? 'new email' : `${status} email`),
  ),
  to('email.update', 'email_id', () => ({ subject: 'Changed', body_text: 'Also', body_html: '<p>Also</p>', status: 'draft' })),
  sending(made('email.create', (k) => ({ ...mail(k), status: 'outbox' }), 'outbox email')),
  sending(made('email.create', (k) => ({ ...mail(k), status: 'scheduled', date_scheduled: '2030-03-09T10:00:00Z' }), 'scheduled email')),
  made(
    'email.create',
    (k) => ({
      ...mail(k),
      status: 'draft',
      bcc: ['bcc@verify.example'],
      user_id: k('user'),
      email_account_id: k('mail account'),
      in_reply_to_id: k('inbox email'),
    }),
    'full email',
  ),
  made(
    'email.create',
    (k) => ({ lead_id: k('lead'), to: ['verify@verify.example'], status: 'draft', template_id: k('some email_template') }),
    'templated email',
  ),
  made('email.create', (k) => ({ ...mail(k), status: 'sent', activity_at: '2026-11-01T10:00:00Z' }), 'dated email'),
  to('email.update', 'email_id', () => ({ status: 'sent' }), 'full email'),
  sending(to('email.update', 'email_id', () => ({ status: 'outbox' }))),
  sending(made('email.create', (k) => ({ ...mail(k), status: 'draft' }), 'second draft email')),
  sending(to('email.update', 'email_id', () => ({ status: 'scheduled', date_scheduled: '2030-03-09T10:00:00Z' }), 'second draft email')),
  made('email.draft', (k) => ({ ...mail(k) }), 'drafted email'),
  made('email.log', (k) => ({ ...mail(k), direction: 'incoming' }), 'logged email'),
  sending(made('email.send', mail, 'sent email two')),
  made('whatsapp.create', (k) => ({
    lead_id: k('lead'),
    contact_id: k('new contact'),
    direction: 'outgoing',
    external_whatsapp_message_id: `wamid.${k('mark')}`,
    message_markdown: 'Verify',
    activity_at: '2026-11-01T10:00:00Z',
    local_phone: k('own number'),
    remote_phone: REMOTE,
  })),
  made('custom_activity.create', (k) => ({ lead_id: k('lead'), custom_activity_type_id: k('some custom_activity_type') })),
  made('custom_object.create', (k) => ({ lead_id: k('lead'), custom_object_type_id: k('some custom_object_type'), name: 'Verify' })),
  made('lead_status_change.create', (k) => ({
    lead_id: k('lead'),
    old_status_id: k('some lead_status'),
    new_status_id: k('other lead_status'),
  })),
  made('opportunity_status_change.create', (k) => ({ lead_id: k('lead') })),
];

/** What was made is listed at its lead; then taken away again. */
export const LEAD_ENDS: readonly Step[] = [
  ...['contact', 'opportunity', 'task', 'note', 'call', 'sms', 'email', 'activity', 'comment'].map(
    (noun): Step => ({
      operation: `${noun}.list`,
      input: (k) => (noun === 'comment' ? { object_id: k('new note') } : { lead_id: k('lead') }),
    }),
  ),
  { operation: 'activity.list', input: (k) => ({ lead_id: k('lead'), _type: 'SMS' }) },
  { operation: 'activity.list', input: (k) => ({ lead_id: k('lead'), contact_id: k('new contact') }) },
  { operation: 'task.list', input: (k) => ({ lead_id: k('lead'), is_complete: true }) },
  { operation: 'email_thread.list', input: (k) => ({ lead_id: k('lead') }), remember: { 'own thread': 'data.0.id' } },
  { operation: 'email_thread.delete', input: (k) => ({ email_thread_id: k('own thread') }) },
  ...['comment', 'note', 'call', 'sms', 'email', 'task', 'opportunity', 'contact'].map((noun) => to(`${noun}.delete`, `${noun}_id`)),
  { operation: 'lead.merge', input: (k) => ({ source: k('second lead'), destination: k('new lead') }) },
  to('lead.delete', 'lead_id'),
];

/** Writes in a lead of our own, which takes all of it with it when it goes. */
export const LEAD_WRITES: readonly Step[] = [...lead, ...contact, ...opportunity, ...task, ...activities];
