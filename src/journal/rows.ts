import type { Delivery, Transport } from '../contract/backend.ts';
import type { Account } from '../contract/connection.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Inverse, JournalEntry, KeptInverse } from '../contract/journal.ts';
import type { Attempt, Receipt, Verdict } from '../contract/receipt.ts';
import { redact } from './redact.ts';
import { shows } from './shows.ts';
import type { AccountRow, AttemptRow, CallRow, InverseRow } from './tables.ts';

/** Names every column: whatever else a receipt may carry one day does not get in. */
export function callRow({ receipt, outcome }: JournalEntry): CallRow {
  const { id, at, operation, user, route, delivery, verdicts, ms, confirmed, replayed, notes = [], unrecorded } = receipt;
  return {
    id,
    at,
    operation,
    user,
    outcome,
    delivery: delivery ?? null,
    backend: route?.backend ?? null,
    connection: route?.connection ?? null,
    transport: route?.transport ?? null,
    verdicts: JSON.stringify(verdicts.map(redactedVerdict)),
    ms,
    confirmed: confirmed ?? null,
    replayed: replayed ? 1 : null,
    notes: notes.length === 0 ? null : JSON.stringify(notes.map(redact)),
    unrecorded: unrecorded === undefined ? null : redact(unrecorded),
  };
}

function redactedVerdict({ backend, connection, transport, reason, detail }: Verdict): Verdict {
  return {
    backend,
    ...(connection === undefined ? {} : { connection }),
    ...(transport === undefined ? {} : { transport }),
    reason,
    ...(detail === undefined ? {} : { detail: redact(detail) }),
  };
}

export function attemptRows({ id, at, attempts }: Receipt): readonly AttemptRow[] {
  return attempts.map(({ operation, backend, connection, transport, delivery, code, status, ms }, position) => ({
    call_id: id,
    position,
    operation: operation ?? null,
    backend,
    connection,
    transport,
    delivery,
    code: code ?? null,
    status: status ?? null,
    ms,
    at,
    shows: shows({ delivery, code }),
  }));
}

export function inverseRows({ id, at, user }: Receipt, inverses: readonly Inverse[]): readonly InverseRow[] {
  return inverses.map(({ run, operation, object, backend, connection, how, image, why }, position) => ({
    call_id: id,
    position,
    at,
    user,
    run: run ?? null,
    operation,
    object: object ?? null,
    backend,
    connection,
    how,
    image: image === undefined ? null : JSON.stringify(image),
    why: why === undefined ? null : redact(why),
    undone: null,
  }));
}

// The casts below read back what the functions above wrote, column by column; nobody else writes these tables.

export function entryOf(call: CallRow, attempts: readonly AttemptRow[]): JournalEntry {
  const receipt: Receipt = {
    id: call.id,
    operation: call.operation,
    user: call.user,
    at: call.at,
    ...routeOf(call),
    ...(call.delivery === null ? {} : { delivery: call.delivery as Delivery }),
    ...(call.confirmed === null ? {} : { confirmed: call.confirmed as 'present' | 'absent' }),
    ...(call.replayed === 1 ? { replayed: true } : {}),
    ...(call.notes === null ? {} : { notes: JSON.parse(call.notes) as readonly string[] }),
    verdicts: JSON.parse(call.verdicts) as readonly Verdict[],
    attempts: attempts.map(attemptOf),
    ms: call.ms,
    ...(call.unrecorded === null ? {} : { unrecorded: call.unrecorded }),
  };
  return { receipt, outcome: call.outcome as JournalEntry['outcome'] };
}

function routeOf({ backend, connection, transport }: CallRow): Pick<Receipt, 'route'> {
  if (backend === null || connection === null || transport === null) return {};
  return { route: { backend, connection, transport: transport as Transport } };
}

function attemptOf({ operation, backend, connection, transport, delivery, code, status, ms }: AttemptRow): Attempt {
  return {
    ...(operation === null ? {} : { operation }),
    backend,
    connection,
    transport: transport as Transport,
    delivery: delivery as Delivery,
    ...(code === null ? {} : { code: code as ErrorCode }),
    ...(status === null ? {} : { status }),
    ms,
  };
}

export function accountOf({ organization, user, label }: AccountRow): Account {
  return { organization, user, ...(label === null ? {} : { label }) };
}

export function inverseOf({ call_id, position, at, user, run, object, image, why, undone, ...row }: InverseRow): KeptInverse {
  const { operation, backend, connection, how } = row;
  return {
    call: call_id,
    position,
    at,
    user,
    operation,
    backend,
    connection,
    how: how as KeptInverse['how'],
    ...(run === null ? {} : { run }),
    ...(object === null ? {} : { object }),
    ...(image === null ? {} : { image: JSON.parse(image) as JsonObject }),
    ...(why === null ? {} : { why }),
    ...(undone === null ? {} : { undone }),
  };
}
