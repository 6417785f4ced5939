import type { CanonicalCall, Outcome } from '../contract/executor.ts';
import { type ClockOptions, createClock } from './world/clock.ts';
import { seedDemo } from './world/demo.ts';
import { seedFoundation } from './world/foundation.ts';
import type { Delivery } from './world/kind.ts';
import type { Buckets } from './world/limits.ts';
import { type Caller, type LedgerEntry, Machine } from './world/machine.ts';
import { createRandom, seedNumber } from './world/random.ts';
import { textOf } from './world/row.ts';
import type { ScriptedFailure } from './world/script.ts';
import { createStore, type StoreDump } from './world/store.ts';
import { DEFAULT_SWITCHES, type Switches } from './world/switches.ts';

export interface WorldOptions {
  /** Ids and keys follow from it. */
  readonly seed?: string | number;
  /** `demo`: some leads and what hangs under them. `empty`: the organizations, their users, keys and settings only. */
  readonly data?: 'empty' | 'demo';
  readonly clock?: ClockOptions;
  readonly switches?: Partial<Switches>;
  /** Goes on from there; `seed` and `data` are then of no use. */
  readonly snapshot?: WorldSnapshot;
}

/** A whole world as JSON. Holds the keys of its invented users. */
export interface WorldSnapshot {
  readonly version: 1;
  readonly random: number;
  /** Milliseconds. */
  readonly now: number;
  readonly clock: 'virtual' | 'real';
  readonly switches: Switches;
  readonly store: StoreDump;
  readonly buckets: Buckets;
  readonly ledger: readonly LedgerEntry[];
  readonly deliveries: readonly Delivery[];
}

/** One API key: one user in one organization. */
export interface WorldKey {
  readonly key: string;
  readonly userId: string;
  readonly organizationId: string;
  /** "Organization (First Last)" */
  readonly label: string;
}

/** A Close in memory. Takes canonical calls, and answers and refuses as Close would. */
export interface World {
  /** Never throws for what Close would refuse. The same seed and the same calls give the same bytes. */
  run(call: CanonicalCall, caller: Caller): Outcome;
  now(): Date;
  /** Time goes by: messages leave, jobs finish. */
  advance(ms: number): void;
  keys(): readonly WorldKey[];
  /** A revoked key answers 401 from now on. */
  revoke(key: string): void;
  restore(key: string): void;
  switches(): Switches;
  set(switches: Partial<Switches>): void;
  /** Asks for failures of the app itself. */
  fail(failure: ScriptedFailure): void;
  clearFailures(): void;
  /** Every committed effect since the world began, oldest first. */
  ledger(): readonly LedgerEntry[];
  /** Signed webhook requests that Close would have sent. */
  deliveries(): readonly Delivery[];
  snapshot(): WorldSnapshot;
}

export function createWorld(options: WorldOptions = {}): World {
  const machine = options.snapshot ? resumed(options.snapshot, options) : founded(options);
  const { store } = machine;
  return {
    run: (call, caller) => machine.run(call, caller),
    now: () => new Date(machine.clock.now()),
    advance: (ms) => {
      machine.clock.advance(ms);
      machine.tick();
    },
    keys: () => keysOf(machine),
    revoke: (key) => setRevoked(machine, key, true),
    restore: (key) => setRevoked(machine, key, false),
    switches: () => machine.switches,
    set: (switches) => {
      machine.switches = { ...machine.switches, ...switches };
    },
    fail: (failure) => machine.script.add(failure),
    clearFailures: () => machine.script.clear(),
    ledger: () => [...machine.ledger],
    deliveries: () => [...machine.deliveries],
    snapshot: () => ({
      version: 1,
      random: machine.random.state(),
      now: machine.clock.now(),
      clock: machine.clock.kind,
      switches: machine.switches,
      store: structuredClone(store.dump()),
      buckets: machine.limits.dump(),
      ledger: [...machine.ledger],
      deliveries: [...machine.deliveries],
    }),
  };
}

function founded({ seed = 'sandbox', data = 'demo', clock = {}, switches = {} }: WorldOptions): Machine {
  const machine = new Machine({
    clock: createClock(clock),
    random: createRandom(seedNumber(seed)),
    store: createStore(),
    switches: { ...DEFAULT_SWITCHES, ...switches },
  });
  const founders = seedFoundation(machine);
  if (data === 'demo') seedDemo(machine, founders);
  machine.ledger.length = 0;
  machine.deliveries.length = 0;
  return machine;
}

function resumed(snapshot: WorldSnapshot, { clock, switches = {} }: WorldOptions): Machine {
  return new Machine({
    clock: createClock({ kind: snapshot.clock, ...clock }, snapshot.now),
    random: createRandom(snapshot.random),
    store: createStore(structuredClone(snapshot.store)),
    switches: { ...snapshot.switches, ...switches },
    buckets: snapshot.buckets,
    ledger: snapshot.ledger,
    deliveries: snapshot.deliveries,
  });
}

function keysOf({ store }: Machine): readonly WorldKey[] {
  return store.all('key').map((row) => {
    const user = store.get('user', textOf(row, 'user_id')) ?? {};
    const organization = store.get('organization', textOf(row, 'organization_id')) ?? {};
    return {
      key: textOf(row, 'secret'),
      userId: textOf(row, 'user_id'),
      organizationId: textOf(row, 'organization_id'),
      label: `${textOf(organization, 'name')} (${textOf(user, 'first_name')} ${textOf(user, 'last_name')})`,
    };
  });
}

function setRevoked({ store, clock }: Machine, key: string, revoked: boolean): void {
  const row = store.all('key').find((one) => one['secret'] === key);
  if (row) store.put('key', { ...row, revoked }, clock.now());
}
