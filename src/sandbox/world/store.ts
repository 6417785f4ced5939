import { stringAt } from '../../contract/guards.ts';
import type { Row } from './row.ts';

/** The collections of the world; all activities share one, as in Close. */
export const SHELVES = [
  'organization',
  'user',
  'membership',
  'role',
  'group',
  'key',
  'lead',
  'contact',
  'opportunity',
  'task',
  'activity',
  'lead_status',
  'opportunity_status',
  'pipeline',
  'custom_field',
  'comment',
  'comment_thread',
  'sequence',
  'subscription',
  'webhook',
  'event',
  'smart_view',
  'email_template',
  'sms_template',
  'bulk',
  'export',
  'custom_activity_type',
  'custom_object',
  'custom_object_type',
  'connected_account',
  'phone_number',
  'outcome',
  'integration_link',
  'unsubscribe',
  'timer',
] as const;

export type Shelf = (typeof SHELVES)[number];

interface Entry {
  readonly row: Row;
  readonly born: number;
}

interface Ghost extends Entry {
  readonly shelf: Shelf;
  readonly died: number;
}

/** JSON of everything stored. */
export interface StoreDump {
  readonly shelves: Readonly<Partial<Record<Shelf, readonly (readonly [row: Row, born: number])[]>>>;
  readonly ghosts: readonly Ghost[];
}

/** Rows by shelf and id, with undo: a call that is refused half-way leaves nothing behind. */
export interface Store {
  get(shelf: Shelf, id: string): Row | undefined;
  /** In order of creation. */
  all(shelf: Shelf): readonly Row[];
  /** Rows whose `lead_id` it is, in order of creation. */
  under(shelf: Shelf, leadId: string): readonly Row[];
  bornAt(shelf: Shelf, id: string): number;
  put(shelf: Shelf, row: Row, at: number): void;
  remove(shelf: Shelf, id: string, at: number): void;
  /** Forgets the oldest rows beyond `kept`, without a trace. */
  trim(shelf: Shelf, kept: number): void;
  /** A row that was removed after `since`. */
  ghost(shelf: Shelf, id: string, since: number): Row | undefined;
  ghosts(shelf: Shelf, since: number): readonly Row[];
  begin(): void;
  commit(): void;
  rollback(): void;
  dump(): StoreDump;
}

const GHOST_MS = 60_000; // close-rest.md §8: lists lagged 30 to 60 s

export function createStore(dump?: StoreDump): Store {
  const shelves = new Map<Shelf, Map<string, Entry>>(SHELVES.map((shelf) => [shelf, new Map()]));
  const byLead = new Map<string, Set<string>>();
  let ghosts: readonly Ghost[] = dump?.ghosts ?? [];
  let undo: (() => void)[] = [];

  const entries = (shelf: Shelf): Map<string, Entry> => shelves.get(shelf) ?? new Map<string, Entry>();
  const set = (shelf: Shelf, id: string, entry: Entry | undefined): void => {
    reindex(byLead, shelf, entries(shelf).get(id)?.row, entry?.row);
    if (entry) entries(shelf).set(id, entry);
    else entries(shelf).delete(id);
  };
  const write = (shelf: Shelf, id: string, entry: Entry | undefined): void => {
    const before = entries(shelf).get(id);
    undo.push(() => set(shelf, id, before));
    set(shelf, id, entry);
  };

  for (const shelf of SHELVES) for (const [row, born] of dump?.shelves[shelf] ?? []) set(shelf, row.id, { row, born });

  return {
    get: (shelf, id) => entries(shelf).get(id)?.row,
    all: (shelf) => Array.from(entries(shelf).values(), (entry) => entry.row),
    under: (shelf, leadId) => Array.from(byLead.get(`${shelf}/${leadId}`) ?? []).flatMap((id) => entries(shelf).get(id)?.row ?? []),
    bornAt: (shelf, id) => entries(shelf).get(id)?.born ?? 0,
    put: (shelf, row, at) => write(shelf, row.id, { row, born: entries(shelf).get(row.id)?.born ?? at }),
    remove: (shelf, id, at) => {
      const entry = entries(shelf).get(id);
      if (!entry) return;
      const before = ghosts;
      undo.push(() => {
        ghosts = before;
      });
      ghosts = [...ghosts.filter((ghost) => ghost.died > at - GHOST_MS).slice(-500), { ...entry, shelf, died: at }];
      write(shelf, id, undefined);
    },
    trim: (shelf, kept) => {
      for (const id of entries(shelf).keys()) {
        if (entries(shelf).size <= kept) return;
        set(shelf, id, undefined);
      }
    },
    ghost: (shelf, id, since) => ghosts.find((ghost) => ghost.shelf === shelf && ghost.row.id === id && ghost.died > since)?.row,
    ghosts: (shelf, since) => ghosts.filter((ghost) => ghost.shelf === shelf && ghost.died > since).map((ghost) => ghost.row),
    begin: () => {
      undo = [];
    },
    commit: () => {
      undo = [];
    },
    rollback: () => {
      for (const step of undo.toReversed()) step();
      undo = [];
    },
    dump: () => ({
      shelves: Object.fromEntries(SHELVES.map((shelf) => [shelf, Array.from(entries(shelf).values(), ({ row, born }) => [row, born])])),
      ghosts,
    }),
  };
}

function reindex(byLead: Map<string, Set<string>>, shelf: Shelf, before: Row | undefined, after: Row | undefined): void {
  const from = stringAt(before, 'lead_id');
  const to = stringAt(after, 'lead_id');
  if (from === to) return;
  if (from && before) byLead.get(`${shelf}/${from}`)?.delete(before.id);
  if (to && after) {
    const key = `${shelf}/${to}`;
    const ids = byLead.get(key) ?? new Set<string>();
    byLead.set(key, ids.add(after.id));
  }
}
