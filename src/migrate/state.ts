import { createHash } from 'node:crypto';
import type { BackendId } from '../contract/backend.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Ruling } from '../contract/switchboard.ts';

/** How far a migration is. `stopped` and `rolled_back`: everybody is on the source again. `finished`: nothing is steered any more. */
export const STATES = ['shadow', 'cutover', 'stopped', 'rolled_back', 'finished'] as const;
export type MigrationState = (typeof STATES)[number];

/** How much of the traffic is mirrored, and for how long. */
export interface Shadowing {
  /** Of all calls, from 0 to 1. */
  readonly sample: number;
  /** ISO instant; without, for as long as the migration goes on. */
  readonly until?: string;
}

export interface Cutover {
  /** Of the users, from 0 to 100. */
  readonly percent: number;
  /** Moved whatever the percentage. */
  readonly users: readonly string[];
  /** ISO instant from which the guard looks at the calls. */
  readonly since: string;
  readonly limits: Limits;
  /** How the source did before, for the time when nothing goes through it any more. */
  readonly baseline: { readonly requests: number; readonly errors: number };
}

/** Where the guard stops a cutover. Shares, from 0 to 1. */
export interface Limits {
  /** How much more often requests through the target may fail than those through the source. */
  readonly errors: number;
  /** How many of the compared reads may differ. */
  readonly differences: number;
}

/** One migration of an app's users from one backend to another. */
export interface Migration {
  readonly id: string;
  readonly app: string;
  readonly from: BackendId;
  readonly to: BackendId;
  readonly state: MigrationState;
  readonly shadowing?: Shadowing;
  readonly cutover?: Cutover;
  /** Counts the times that comparing began anew; tallies of before are not added up with those of now. */
  readonly epoch: number;
  /** Why it was stopped. */
  readonly reason?: string;
}

/** A migration with who decided it last, and when. */
export interface RuledMigration extends Migration {
  readonly revision: number;
  readonly by: string;
  readonly at: string;
}

export function migrationName(app: string): string {
  return `migration/${app}`;
}

/** What its tallies are kept under. */
export function subjectOf({ id, epoch }: Pick<Migration, 'id' | 'epoch'>): string {
  return `${id}/${epoch}`;
}

/** The migration of an app. undefined: there was none, or one that a later version wrote and this one cannot read. */
export function migrationOf(rulings: readonly Ruling[], app: string): RuledMigration | undefined {
  const found = rulings.find(({ name }) => name === migrationName(app));
  if (!found) return undefined;
  if (!READ.has(found)) READ.set(found, readRuling(found));
  return READ.get(found);
}

/** Every call asks: a ruling is read once. */
const READ = new WeakMap<Ruling, RuledMigration | undefined>();

function readRuling({ value, revision, by, at }: Ruling): RuledMigration | undefined {
  const read = readMigration(value);
  return read && { ...read, revision, by, at };
}

export function isUnderWay({ state }: Pick<Migration, 'state'>): boolean {
  return state === 'shadow' || state === 'cutover';
}

/** Whether it is a user's turn: named, or below the percentage. The same user at every call, and as the percentage grows. */
export function isMoved({ id, state, cutover }: Migration, user: string): boolean {
  if (state !== 'cutover' || !cutover) return false;
  return cutover.users.includes(user) || placeOf(user, id) < cutover.percent;
}

/** From 0 to below 100, spread evenly. */
export function placeOf(user: string, migration: string): number {
  const name = JSON.stringify([migration, user]);
  const known = PLACES.get(name);
  if (known !== undefined) return known;
  if (PLACES.size >= MOST_PLACES) PLACES.clear();
  const place = (createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32) * 100;
  PLACES.set(name, place);
  return place;
}

/** Hashing takes longer than all else that a call asks of a migration. */
const PLACES = new Map<string, number>();
const MOST_PLACES = 10_000;

export function isShadowing({ state, shadowing }: Migration, now: Date): boolean {
  if (!isUnderWay({ state }) || !shadowing || shadowing.sample <= 0) return false;
  return shadowing.until === undefined || now.toISOString() < shadowing.until;
}

function readMigration(value: JsonObject): Migration | undefined {
  const [id, app, from, to, reason] = ['id', 'app', 'from', 'to', 'reason'].map((key) => stringAt(value, key));
  const state = STATES.find((one) => one === value['state']);
  if (id === undefined || app === undefined || from === undefined || to === undefined || !state) return undefined;
  const [shadowing, cutover] = [readShadowing(value['shadowing']), readCutover(value['cutover'])];
  return {
    id,
    app,
    from,
    to,
    state,
    epoch: numberAt(value, 'epoch'),
    ...(shadowing ? { shadowing } : {}),
    ...(cutover ? { cutover } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

function readShadowing(value: unknown): Shadowing | undefined {
  if (!isObject(value)) return undefined;
  const until = stringAt(value, 'until');
  return { sample: numberAt(value, 'sample'), ...(until === undefined ? {} : { until }) };
}

function readCutover(value: unknown): Cutover | undefined {
  if (!isObject(value)) return undefined;
  const { users, limits, baseline } = value;
  return {
    percent: numberAt(value, 'percent'),
    users: isStrings(users) ? users : [],
    since: stringAt(value, 'since') ?? '',
    limits: { errors: numberAt(limits, 'errors'), differences: numberAt(limits, 'differences') },
    baseline: { requests: numberAt(baseline, 'requests'), errors: numberAt(baseline, 'errors') },
  };
}

function numberAt(value: unknown, key: string): number {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'number' ? found : 0;
}
