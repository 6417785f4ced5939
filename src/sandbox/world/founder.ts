import type { JsonObject } from '../../contract/guards.ts';
import { mongoTime, sqlTime } from './clock.ts';
import { base62, newId, type Prefix } from './ids.ts';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';
import type { Shelf } from './store.ts';

const DAY_MS = 86_400_000;
/** Stores rows the API cannot make: organizations, people, keys, settings. */
export class Founder {
  readonly #machine: Machine;
  readonly #at: number;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#at = machine.clock.now() - 400 * DAY_MS;
  }

  put(shelf: Shelf, prefix: Prefix, values: JsonObject): Row {
    const row = { id: newId(this.#machine.random, prefix), ...values };
    this.#machine.store.put(shelf, row, this.#at);
    return row;
  }

  get mongo(): JsonObject {
    return { date_created: mongoTime(this.#at), date_updated: mongoTime(this.#at) };
  }

  get sql(): JsonObject {
    return { date_created: sqlTime(this.#at, 482), date_updated: sqlTime(this.#at, 482) };
  }

  /** The secret starts with the id of the key, then a dot. */
  key(user: Row, organization: Row): void {
    const id = newId(this.#machine.random, 'api');
    const row = {
      id,
      secret: `${id}.${base62(this.#machine.random, 22)}`,
      user_id: user.id,
      organization_id: organization.id,
      revoked: false,
    };
    this.#machine.store.put('key', row, this.#at);
  }

  person(first: string, last: string, organizations: readonly Row[]): Row {
    return this.put('user', 'user', {
      email: `${first.toLowerCase()}@fernhill.example`,
      first_name: first,
      last_name: last,
      image: `https://avatars.example/${first.toLowerCase()}.png`,
      last_used_timezone: 'Europe/Oslo',
      organizations: organizations.map((one) => one.id),
      ...this.mongo,
    });
  }

  member(user: Row, organization: Row, role: Row, permissions: readonly string[], denied: readonly string[] = []): void {
    this.put('membership', 'memb', {
      organization_id: organization.id,
      user_id: user.id,
      role_id: role.id,
      permissions_granted: permissions,
      $denied: denied,
      auto_record_calls: 'disabled',
      track_email_opens: true,
    });
  }

  leadStatuses(organization: Row, labels: readonly string[]): readonly Row[] {
    return labels.map((label) => this.put('lead_status', 'stat', { $noun: 'lead_status', organization_id: organization.id, label }));
  }

  pipeline(organization: Row, name: string, statuses: readonly (readonly [label: string, type: string])[], user: Row): readonly Row[] {
    const pipeline = this.put('pipeline', 'pipe', {
      organization_id: organization.id,
      name,
      created_by: user.id,
      updated_by: user.id,
      ...this.sql,
    });
    return statuses.map(([label, type]) =>
      this.put('opportunity_status', 'stat', {
        $noun: 'opportunity_status',
        organization_id: organization.id,
        label,
        type,
        pipeline_id: pipeline.id,
      }),
    );
  }
}
