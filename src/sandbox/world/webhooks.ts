import { anObject, flag, listOf, oneOf, shape, solid, text, webUrl } from './checks.ts';
import { verbs } from './engine.ts';
import { hex } from './ids.ts';
import type { Handlers, Kind } from './kind.ts';

const subscribed = shape({ object_type: solid(text(100)), action: solid(text(100)), extra_filter: anObject }, ['object_type', 'action']);

export const webhook: Kind = {
  noun: 'webhook',
  shelf: 'webhook',
  prefix: 'whsub',
  idNames: ['webhook_id', 'id'],
  stamps: 'sql',
  closed: true,
  required: ['url', 'events'],
  fields: { url: solid(webUrl), events: solid(listOf(subscribed, 200)), verify_ssl: flag },
  onUpdate: { status: solid(oneOf(['active', 'paused'])) },
  defaults: (scope) => ({
    verify_ssl: true,
    status: 'active',
    health_status: 'healthy',
    pause_reason: null,
    latest_error: null,
    recent_consecutive_fail_buckets_cnt: 0,
    counters: {},
    signature_key: hex(scope.random, 64),
  }),
  settle: (_, row) => ({ ...row, pause_reason: row['status'] === 'paused' ? 'api' : null }),
  show: () => ({ organization_id: undefined }),
  list: { paged: false },
};

export const webhookHandlers: Handlers = verbs(webhook, ['list', 'create', 'get', 'update', 'delete']);
