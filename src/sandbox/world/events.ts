import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../contract/guards.ts';
import { sqlTime } from './clock.ts';
import type { Kind, Scope } from './kind.ts';
import { objects, pick, type Row, textOf } from './row.ts';
import { idFor, rowsOf } from './rows.ts';

interface Happening {
  readonly action: string;
  readonly row: Row;
  readonly data: JsonObject;
  readonly before?: Row;
  readonly changed?: readonly string[];
  readonly meta?: JsonObject;
}

/** Close keeps about 30 days; here the newest so many, to bound memory. */
const KEPT_EVENTS = 10_000;

/** Writes the event of a change and queues its signed webhook deliveries. Kinds without `event` make none. */
export function emit(scope: Scope, kind: Kind, happening: Happening): void {
  if (!kind.event) return;
  const { action, row, data, before, changed = [], meta = {} } = happening;
  const stamp = sqlTime(scope.at, scope.random.next());
  const event: Row = {
    id: idFor(scope, 'ev'),
    organization_id: scope.actor.organizationId,
    object_type: kind.event(row),
    object_id: row.id,
    lead_id: row['lead_id'] ?? (kind.noun === 'lead' ? row.id : null),
    action,
    user_id: scope.actor.userId,
    request_id: scope.requestId,
    api_key_id: scope.actor.keyId,
    oauth_client_id: null,
    oauth_scope: null,
    changed_fields: changed.toSorted(),
    previous_data: before ? pick(before, changed) : {},
    data,
    meta,
    date_created: stamp,
    date_updated: stamp,
  };
  scope.store.put('event', event, scope.at);
  scope.store.trim('event', KEPT_EVENTS);
  for (const hook of rowsOf(scope, 'webhook')) if (isWanted(hook, event)) deliver(scope, hook, event);
}

/** guess: `extra_filter` is stored and shown, but does not filter; its language is nowhere described. */
function isWanted(hook: Row, event: Row): boolean {
  if (hook['status'] !== 'active') return false;
  return objects(hook['events']).some((one) => one['object_type'] === event['object_type'] && one['action'] === event['action']);
}

/** Signature: hex HMAC-SHA256 over timestamp + raw body, key = hex-decoded signature key. Source: close-rest.md §17. */
function deliver(scope: Scope, hook: Row, event: Row): void {
  const body = JSON.stringify({ event, subscription_id: hook.id });
  const timestamp = String(Math.floor(scope.at / 1000));
  const signature = createHmac('sha256', Buffer.from(textOf(hook, 'signature_key'), 'hex'))
    .update(timestamp + body)
    .digest('hex');
  scope.deliver({
    subscriptionId: hook.id,
    at: new Date(scope.at).toISOString(),
    url: textOf(hook, 'url'),
    headers: { 'content-type': 'application/json', 'close-sig-timestamp': timestamp, 'close-sig-hash': signature },
    body,
  });
}
