import type { JsonObject } from '../../contract/guards.ts';
import type { Known, Step } from '../known.ts';
import { made, to } from './lead-writes.ts';
import { NAMED_LEADS } from './reads.ts';

const SHARED = 'it changes what all of the organization sees; verify it in the sandbox';

type Input = (known: Known) => JsonObject;

const cycle = (noun: string, id: string, create: Input, ...updates: readonly Input[]): readonly Step[] => [
  made(`${noun}.create`, create),
  ...updates.map((update) => to(`${noun}.update`, id, update)),
];

const named = (k: Known): string => `Verify ${k('mark')}`;

const job = (noun: string, input: Input): readonly Step[] => [made(`${noun}.create`, input), to(`${noun}.get`, 'job_id')];

const STEPS: readonly Step[] = [
  ...['contact', 'lead', 'opportunity'].flatMap((object) => [
    ...cycle(
      `custom_field_${object}`,
      'custom_field_id',
      (k) => ({ name: named(k), type: 'text' }),
      (k) => ({ name: named(k) }),
    ),
    ...(['number', 'date', 'url'] as const).map((type) =>
      made(`custom_field_${object}.create`, (k) => ({ name: named(k), type }), `${type} ${object} field`),
    ),
    to(`custom_field_${object}.delete`, 'custom_field_id'),
  ]),
  ...cycle(
    'lead_status',
    'status_id',
    (k) => ({ label: named(k) }),
    (k) => ({ label: named(k) }),
  ),
  to('lead_status.delete', 'status_id'),
  ...cycle(
    'pipeline',
    'pipeline_id',
    (k) => ({ name: named(k) }),
    (k) => ({ name: named(k) }),
  ),
  ...cycle(
    'opportunity_status',
    'status_id',
    (k) => ({ label: named(k), type: 'active', pipeline_id: k('new pipeline') }),
    (k) => ({ label: named(k) }),
  ),
  to('opportunity_status.delete', 'status_id'),
  to('pipeline.delete', 'pipeline_id'),
  ...cycle(
    'sequence',
    'sequence_id',
    (k) => ({ name: named(k), steps: [{ step_type: 'call', delay: 60 }] }),
    (k) => ({ name: named(k) }),
  ),
  to('sequence.delete', 'sequence_id'),
  made('sequence_subscription.create', (k) => ({
    sequence_id: k('some sequence'),
    contact_id: k('enrolled contact'),
    sender_account_id: k('mail account'),
  })),
  to('sequence_subscription.update', 'subscription_id', () => ({ status: 'paused' })),
  to('sequence_subscription.update', 'subscription_id', () => ({ status: 'active' })),
  { operation: 'sequence_subscription.list', input: (k) => ({ contact_id: k('enrolled contact') }) },
  { operation: 'sequence.pause', input: (k) => ({ subscription_id: k('new sequence_subscription') }) },
  { operation: 'sequence.resume', input: (k) => ({ subscription_id: k('new sequence_subscription') }) },
  to('sequence_subscription.delete', 'subscription_id'),
  made('sequence.enrol', (k) => ({ sequence_id: k('some sequence'), contact_id: k('second contact') }), 'enrolment'),
  ...cycle(
    'webhook',
    'webhook_id',
    () => ({ url: 'https://verify.example/hook', events: [{ object_type: 'lead', action: 'created' }], verify_ssl: true }),
    () => ({ url: 'https://verify.example/changed', events: [{ object_type: 'contact', action: 'updated' }], verify_ssl: false }),
  ),
  to('webhook.delete', 'webhook_id'),
  ...cycle(
    'smart_view',
    'smart_view_id',
    (k) => ({ name: named(k), s_query: { query: NAMED_LEADS } }),
    (k) => ({ name: named(k) }),
  ),
  to('smart_view.delete', 'smart_view_id'),
  ...cycle(
    'email_template',
    'template_id',
    (k) => ({ name: named(k), subject: 'Subject', body: 'Body' }),
    () => ({ subject: 'Changed' }),
  ),
  ...job('bulk_edit', (k) => ({ type: 'set_lead_status', lead_status_id: k('some lead_status'), s_query: NONE })),
  ...job('bulk_delete', () => ({ s_query: NONE })),
  ...job('bulk_email', (k) => ({ template_id: k('new email_template'), s_query: NONE })),
  ...job('bulk_sequence_subscription', (k) => ({ action_type: 'pause', sequence_id: k('some sequence'), s_query: NONE })),
  to('email_template.delete', 'template_id'),
  made('export.lead', () => ({ type: 'leads', format: 'json' }), 'new export'),
  made('export.opportunity', () => ({ format: 'csv' }), 'second export'),
  to('export.get', 'export_id'),
  {
    operation: 'unsubscribe.create',
    input: (k) => ({ email: `${k('mark').replace(' ', '-')}@verify.example` }),
    remember: { unsubscribed: 'email' },
  },
  { operation: 'unsubscribe.delete', input: (k) => ({ email_address: k('unsubscribed') }) },
  { operation: 'file.upload', input: () => ({ filename: 'verify.pdf', content_type: 'application/pdf' }) },
  {
    operation: 'field_enrichment.run',
    input: (k) => ({
      organization_id: k('organization'),
      object_type: 'lead',
      object_id: k('lead'),
      field_id: k('some custom_field_lead'),
    }),
  },
  to('meeting.update', 'meeting_id', (k) => ({ outcome_id: k('some outcome') }), 'some meeting'),
];

/** Leads that are named as none is: the work is done on nothing. */
const NONE: JsonObject = {
  type: 'and',
  queries: [
    { type: 'object_type', object_type: 'lead' },
    {
      type: 'field_condition',
      field: { type: 'regular_field', object_type: 'lead', field_name: 'name' },
      condition: { type: 'text', mode: 'full_words', value: 'skillrouterverifynobody' },
    },
  ],
};

/** Writes that nobody wants in an account of theirs. */
export const ORGANIZATION_WRITES: readonly Step[] = [
  ...['enrolled', 'second'].map((which) =>
    made(
      'contact.create',
      (k) => ({ lead_id: k('lead'), name: `Verify ${which}`, emails: [{ email: `${which}@verify.example`, type: 'office' }] }),
      `${which} contact`,
    ),
  ),
  ...STEPS.map((step): Step => ({ ...step, sandboxOnly: SHARED })),
];
