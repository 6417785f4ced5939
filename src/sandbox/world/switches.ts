/** What a test may change about the world. Facts behind each: close-rest.md §7, §8, §10, §21. */
export interface Switches {
  /** Milliseconds during which a read by id still shows what was deleted. */
  readonly readLagMs: number;
  /** Milliseconds during which lists and searches miss what was created and still show what was deleted. */
  readonly searchLagMs: number;
  /** Token buckets: 20 requests a second per key, three times that per organization, unless given. */
  readonly rateLimits: boolean;
  readonly perKeyPerSecond: number;
  readonly perOrganizationPerSecond: number;
  /** So many of the next calls get a 429 although `remaining` is above zero. */
  readonly hidden429: number;
  /** Refuse unknown keys where Close's schema is closed: contact, opportunity, comment, webhook. */
  readonly closedBodies: boolean;
  /** `activity.list` with a type, user or contact filter but without exactly one lead: refuse, or ignore the filter. */
  readonly activityFilters: 'refuse' | 'ignore';
  /** Without the reads of a single pipeline or status and the subscription delete, as before mid-2026. */
  readonly olderReference: boolean;
  /** Milliseconds between `outbox` and `sent`. */
  readonly sendMs: number;
  /** Milliseconds that a bulk action or an export takes. */
  readonly jobMs: number;
}

export const DEFAULT_SWITCHES: Switches = {
  readLagMs: 0,
  searchLagMs: 0,
  rateLimits: true,
  perKeyPerSecond: 20,
  perOrganizationPerSecond: 60,
  hidden429: 0,
  closedBodies: true,
  activityFilters: 'refuse',
  olderReference: false,
  sendMs: 2_000,
  jobMs: 3_000,
};
