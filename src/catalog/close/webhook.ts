/** Webhook subscriptions to the event log. Source: developer.close.com/api/resources/webhook-subscriptions */
import { z } from 'zod';
import { operation } from '../operation.ts';
import * as answer from './answer-fields.ts';
import { deleted, fields, id, listOf } from './fields.ts';
import { DELETE, READ, UPDATE, webAddress } from './shapes.ts';

const webhookId = id('whsub', 'The webhook subscription');
const EXAMPLE_ID = 'whsub_wMHjlhB7ExampleWebhook';

const event = z.strictObject({
  object_type: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .describe('What it happens to: lead, contact, opportunity, task.lead, activity.note, activity.call, activity.sms, …'),
  action: z
    .string()
    .regex(/^[a-z_]+$/)
    .describe('What happens: created, updated, deleted; merged for leads; completed for tasks, calls, meetings; sent for e-mails'),
  extra_filter: z.record(z.string(), z.unknown()).nullable().optional().describe('Further condition on the event, a filter tree of Close'),
});
const events = z.array(event).min(1).describe('The events to deliver');
const url = webAddress('Where Close posts the events; https advised');
const verifySsl = z.boolean().optional().describe('Whether the certificate has to be valid; default true');

/** A subscription as the app returns it. */
const webhook = z.looseObject({
  id: webhookId,
  url: answer.text('Where Close posts the events'),
  status: answer.text('active delivers, paused does not'),
  events: answer.list(
    z.looseObject({
      object_type: z.string().describe('What it happens to, e.g. lead, opportunity, activity.call'),
      action: z.string().describe('What happens: created, updated, deleted, merged, completed, sent'),
      extra_filter: answer.opaque('Further condition on the event, a filter tree of Close'),
    }),
    'The events that are delivered',
  ),
  verify_ssl: answer.flag('The certificate of url has to be valid'),
  signature_key: answer.text('Hex key that signs deliveries; a secret'),
  health_status: answer.text('How deliveries fare, seen: healthy'),
  pause_reason: answer.text('Why it is paused, e.g. api'),
  latest_error: answer.opaque('The last delivery that failed, and why'),
  recent_consecutive_fail_buckets_cnt: answer.number('In how many spans of time on end deliveries failed'),
  counters: answer.opaque('Counts of deliveries'),
  created_by: answer.stamps.created_by,
  updated_by: answer.stamps.updated_by,
  date_created: answer.utcStamps.date_created,
  date_updated: answer.utcStamps.date_updated,
});

export const webhookList = operation({
  app: 'close',
  id: 'webhook.list',
  summary: 'List the webhook subscriptions of the organization',
  input: z.strictObject({ fields }),
  output: listOf(webhook),
  ...READ,
  http: { method: 'GET', path: '/webhook/' },
  example: {},
  pitfalls: ['There is no paging: all subscriptions come at once.', 'The answer holds the signature keys.'],
});

export const webhookCreate = operation({
  app: 'close',
  id: 'webhook.create',
  summary: 'Have events posted to a URL as they happen',
  input: z.strictObject({ url, events, verify_ssl: verifySsl }),
  output: webhook,
  effect: 'write',
  idempotent: false,
  confirm: { how: 'search', list: 'webhook.list', by: [], same: ['url', 'events'] },
  http: { method: 'POST', path: '/webhook/', success: 201 },
  example: { url: 'https://hooks.northpine.example/close', events: [{ object_type: 'lead', action: 'created' }] },
  pitfalls: [
    'Close does not look for duplicates, and two equal subscriptions deliver twice: list them first.',
    'Keep signature_key of the answer as a secret: deliveries are signed with it.',
  ],
});

export const webhookGet = operation({
  app: 'close',
  id: 'webhook.get',
  summary: 'Read one webhook subscription',
  input: z.strictObject({ webhook_id: webhookId }),
  output: webhook,
  ...READ,
  http: { method: 'GET', path: '/webhook/{webhook_id}/' },
  example: { webhook_id: EXAMPLE_ID },
});

export const webhookUpdate = operation({
  app: 'close',
  id: 'webhook.update',
  summary: 'Change, pause or resume a webhook subscription',
  input: z.strictObject({
    webhook_id: webhookId,
    url: url.optional(),
    events: events.optional().describe('The events to deliver; replaces the whole list'),
    verify_ssl: verifySsl,
    status: z.enum(['active', 'paused']).optional().describe('paused stops deliveries, active resumes them'),
  }),
  output: webhook,
  ...UPDATE,
  confirm: { how: 'read-back', read: 'webhook.get' },
  http: { method: 'PUT', path: '/webhook/{webhook_id}/' },
  example: { webhook_id: EXAMPLE_ID, status: 'paused' },
  pitfalls: ['events is replaced whole: give the ones to keep too.'],
});

export const webhookDelete = operation({
  app: 'close',
  id: 'webhook.delete',
  summary: 'Delete a webhook subscription; deliveries stop',
  input: z.strictObject({ webhook_id: webhookId }),
  output: deleted,
  ...DELETE,
  confirm: { how: 'gone', read: 'webhook.get' },
  http: { method: 'DELETE', path: '/webhook/{webhook_id}/' },
  example: { webhook_id: EXAMPLE_ID },
});
