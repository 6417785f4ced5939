import type { Step } from '../sandbox/world-story.ts';

/** A call of an intent; the others are operations. */
export interface IntentStep extends Step {
  readonly intent: true;
}

const phones = { local_phone: '+14155550100', remote_phone: '+14155550132' };
const northpine = ['ingrid@northpine.example'];

/** What the plain story leaves out: fields that tools carry in a spelling of their own, or cannot carry at all. */
export const FULL_STORY: readonly Step[] = [
  {
    operation: 'lead.create',
    input: (k) => ({
      name: 'Ørsted & Sønner “quoted”',
      url: 'https://orsted.example',
      description: 'Line one\nline two',
      status_id: k['status'],
      contacts: [
        {
          name: 'Mona',
          title: 'CTO',
          emails: [{ email: 'mona@orsted.example', type: 'office' }],
          phones: [{ phone: '+4722334455', type: 'mobile' }],
        },
      ],
      addresses: [{ label: 'business', city: 'Oslo', country: 'NO' }],
    }),
    remember: 'full lead',
  },
  {
    operation: 'lead.create',
    input: (k) => ({ name: 'Customised', custom: { [String(k['field'])]: ['Freight'] } }),
    remember: 'custom lead',
  },
  { operation: 'lead.get', input: (k) => ({ lead_id: k['full lead'], fields: ['id', 'name', 'contacts'] }) },
  { operation: 'lead.get', input: (k) => ({ lead_id: k['custom lead'] }) },
  { operation: 'lead.update', input: (k) => ({ lead_id: k['full lead'], description: null, name: 'Renamed' }) },
  { operation: 'lead.list', input: () => ({ query: 'name:"Northpine"', limit: 2, skip: 0, fields: ['id', 'name'] }) },
  {
    operation: 'contact.create',
    input: (k) => ({
      lead_id: k['full lead'],
      name: 'Noor',
      title: 'Buyer',
      emails: [{ email: 'noor@orsted.example', type: 'office' }],
      phones: [{ phone: '+4722334456', type: 'office' }],
      urls: [{ url: 'https://noor.example', type: 'url' }],
    }),
    remember: 'full contact',
  },
  {
    operation: 'contact.update',
    input: (k) => ({ contact_id: k['full contact'], emails: [{ email: 'noor@home.example', type: 'home' }] }),
  },
  { operation: 'contact.list', input: (k) => ({ lead_id: k['full lead'], limit: 1 }) },
  {
    operation: 'opportunity.create',
    input: (k) => ({
      lead_id: k['full lead'],
      note: 'Pilot',
      value: 250_000,
      value_period: 'monthly',
      confidence: 60,
      contact_id: k['full contact'],
    }),
    remember: 'deal',
  },
  { operation: 'opportunity.update', input: (k) => ({ opportunity_id: k['deal'], value: 300_000, value_period: 'annual' }) },
  { operation: 'opportunity.list', input: (k) => ({ lead_id: k['full lead'], limit: 5 }) },
  {
    operation: 'task.create',
    input: (k) => ({ lead_id: k['full lead'], text: 'Send offer', date: '2026-12-24', assigned_to: k['user'] }),
    remember: 'errand',
  },
  { operation: 'task.update', input: (k) => ({ task_id: k['errand'], date: '2026-12-27' }) },
  { operation: 'task.list', input: (k) => ({ lead_id: k['full lead'], is_complete: false }) },
  {
    operation: 'call.create',
    input: (k) => ({
      lead_id: k['full lead'],
      contact_id: k['full contact'],
      direction: 'inbound',
      status: 'no-answer',
      duration: 0,
      note: 'Missed',
      phone: '+4722334456',
    }),
    remember: 'missed',
  },
  { operation: 'call.create', input: (k) => ({ lead_id: k['full lead'], direction: 'outbound', status: 'completed', duration: 61 }) },
  { operation: 'call.update', input: (k) => ({ call_id: k['missed'], note: 'Called back' }) },
  { operation: 'call.list', input: (k) => ({ lead_id: k['full lead'], limit: 1, fields: ['id', 'note'] }) },
  {
    operation: 'note.create',
    input: (k) => ({ lead_id: k['full lead'], note_html: '<body><p>Rich <strong>text</strong></p></body>' }),
    remember: 'rich',
  },
  { operation: 'note.list', input: (k) => ({ lead_id: k['full lead'], limit: 10 }) },
  {
    operation: 'sms.create',
    input: (k) => ({ lead_id: k['lead'], contact_id: k['contact'], status: 'inbox', text: 'Grüße 👋', ...phones }),
    remember: 'text',
  },
  { operation: 'sms.list', input: (k) => ({ lead_id: k['lead'] }) },
  {
    operation: 'email.create',
    input: (k) => ({
      lead_id: k['lead'],
      contact_id: k['contact'],
      status: 'sent',
      subject: 'Agreement',
      sender: 'ada@fernhill.example',
      to: northpine,
      cc: ['cc@northpine.example'],
      body_text: 'Hello',
      body_html: '<p>Hello</p>',
    }),
    remember: 'letter',
  },
  { operation: 'email.list', input: (k) => ({ lead_id: k['lead'], limit: 3 }) },
  { operation: 'activity.list', input: (k) => ({ lead_id: k['lead'], limit: 3 }) },
  { operation: 'user.list', input: () => ({ limit: 1 }) },
];

const intent = (operation: string, input: Step['input'], remember?: string): IntentStep => ({
  intent: true,
  operation,
  ...(input ? { input } : {}),
  ...(remember === undefined ? {} : { remember }),
});

/** Every intent of the catalogue, on what the stories made. */
export const INTENTS: readonly IntentStep[] = [
  intent('call.log', (k) => ({ lead_id: k['full lead'], direction: 'outbound', duration: 184, note: 'Confirmed budget owner.' })),
  intent('sms.send', (k) => ({ lead_id: k['lead'], text: 'On my way', ...phones })),
  intent('sms.log', (k) => ({ lead_id: k['lead'], direction: 'inbound', remote_phone: phones.remote_phone, text: 'Signed.' })),
  intent('email.send', (k) => ({
    lead_id: k['lead'],
    sender: 'ada@fernhill.example',
    to: northpine,
    subject: 'Pilot',
    body_text: 'Hello',
  })),
  intent('email.log', (k) => ({
    lead_id: k['lead'],
    direction: 'incoming',
    sender: northpine[0],
    to: ['ada@fernhill.example'],
    subject: 'Re',
    body_text: 'Signed',
  })),
  intent('email.draft', (k) => ({ lead_id: k['lead'], to: northpine, subject: 'Later', body_text: 'Hello' })),
  intent('lead.find', () => ({ name: 'Northpine Logistics' })),
  intent('task.complete', (k) => ({ task_id: k['errand'] })),
  intent('contact.add_details', (k) => ({ contact_id: k['full contact'], emails: [{ email: 'noor@new.example', type: 'office' }] })),
  intent('opportunity.win', (k) => ({ opportunity_id: k['deal'], date_won: '2026-11-03' })),
  intent('opportunity.lose', (k) => ({ opportunity_id: k['deal'] })),
  intent('sequence.enrol', (k) => ({ sequence_id: k['running'], contact_id: k['full contact'] }), 'enrolment'),
  intent('sequence.pause', (k) => ({ subscription_id: k['enrolment'] })),
  intent('sequence.resume', (k) => ({ sequence_id: k['running'], contact_id: k['full contact'] })),
];
