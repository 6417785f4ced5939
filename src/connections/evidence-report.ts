import type { Connection } from '../contract/connection.ts';
import type { ConnectionEvidence } from '../contract/connections-report.ts';
import type { Journal } from '../contract/journal.ts';
import type { Accounts } from './accounts.ts';
import type { EvidenceBook } from './evidence.ts';
import { withoutStore } from './without-store.ts';

export interface EvidenceParts {
  readonly evidence: EvidenceBook;
  readonly accounts: Accounts;
  readonly journal: Journal;
  readonly now: () => Date;
  readonly elapsed: () => number;
}

/**
 * What is known of a connection beyond its status, from calls of every process on the journal's store: the last that worked, or the
 * app's last word on who the connection is, and the last that failed.
 */
export async function evidenceOf(parts: EvidenceParts, connection: Connection): Promise<ConnectionEvidence> {
  const { accounts, journal } = parts;
  const [uses, seenAt] = await Promise.all([
    withoutStore(journal.lastUses(connection.backend, connection.id)),
    accounts.rememberedAt(connection),
  ]);
  const demoted = demotionOf(parts, connection);
  return {
    demoted,
    last_success_at: [uses?.succeededAt, seenAt].filter((at) => at !== undefined).reduce(later, null),
    // A refusal that only a probe met is no call, and stands in no journal.
    last_failure: demoted && later(uses?.failed?.at ?? null, demoted.at) === demoted.at ? demoted : (uses?.failed ?? null),
  };
}

/** Only a refused credential demotes. */
function demotionOf({ evidence, now, elapsed }: EvidenceParts, connection: Connection): ConnectionEvidence['demoted'] {
  const { demoted, at } = evidence.of(connection);
  return demoted ? { at: new Date(now().getTime() - (elapsed() - at)).toISOString(), code: 'unauthenticated' } : null;
}

/** ISO instants in UTC are in order as text. */
function later(one: string | null, other: string): string {
  return one !== null && one > other ? one : other;
}
