import { type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { RunReport } from '../../src/contract/receipt.ts';
import { holds } from '../../src/router/same.ts';
import type { LedgerEntry } from '../../src/sandbox/world/machine.ts';
import type { Wish } from './wishes.ts';

/** What became of a wish: everything that its callers were told, the last word last. Nothing: the process died. */
export interface Granted {
  readonly wish: Wish;
  readonly told: readonly RunReport[];
}

export type Kind = 'duplicate' | 'lost' | 'wrong success' | 'unreported effect';

/** The world is not as the callers were told. */
export interface Finding {
  readonly kind: Kind;
  readonly what: string;
}

export interface Audit {
  readonly findings: readonly Finding[];
  /** Effects of a write that leaves the same state however often it is done. */
  readonly repeats: number;
}

/** Compares what the world did meanwhile with what the callers of equal wishes were told. */
export function audit(granted: readonly Granted[], ledger: readonly LedgerEntry[], read: (wish: Wish) => JsonObject | undefined): Audit {
  const [first] = granted;
  if (!first) return { findings: [], repeats: 0 };
  const { operation } = first.wish;
  const effects = ledger.filter((entry) => entry.operation === `close.${operation}`);
  const strays = ledger.filter((entry) => entry.operation !== `close.${operation}`);
  const findings: Finding[] = strays.map((entry) => finding('duplicate', entry.operation, 'happened although nobody asked for it now'));
  if (operation.endsWith('.create')) findings.push(...auditCreates(granted, effects));
  else findings.push(...auditOne(first, effects, read));
  const isSame = operation.endsWith('.update') && operation !== 'sms.update';
  return { findings, repeats: isSame ? Math.max(0, effects.length - 1) : 0 };
}

function auditCreates(granted: readonly Granted[], effects: readonly LedgerEntry[]): readonly Finding[] {
  const made = new Set(effects.flatMap(({ ids }) => ids));
  const done = granted.filter((one) => last(one)?.ok);
  const open = granted.filter((one) => isOpen(one));
  const ids = done.map((one) => new Set(one.told.flatMap((report) => (report.ok ? [stringAt(report.data, 'id') ?? ''] : []))));
  const all = new Set(ids.flatMap((own) => [...own]));
  const what = granted[0]?.wish.operation ?? '';
  return [
    ...ids.flatMap((own) =>
      [...own].filter((id) => !made.has(id)).map(() => finding('wrong success', what, 'was reported, and does not exist')),
    ),
    ...(ids.some((own) => own.size > 1) ? [finding('wrong success', what, 'gave two callers with one key different results')] : []),
    ...(all.size < done.length ? [finding('lost', what, 'two wishes were given the same object')] : []),
    ...(effects.length < done.length ? [finding('lost', what, `happened ${effects.length} times instead of ${done.length}`)] : []),
    ...tooMany(what, {
      effects: effects.length,
      done: done.length,
      open: open.length,
      refused: granted.length - done.length - open.length,
    }),
  ];
}

function tooMany(
  what: string,
  { effects, done, open, refused }: { readonly effects: number; readonly done: number; readonly open: number; readonly refused: number },
): readonly Finding[] {
  if (effects <= done + open) return [];
  if (effects <= done + open + refused) return [finding('unreported effect', what, 'was reported as not executed, and has happened')];
  return [finding('duplicate', what, `happened ${effects} times for ${done + open + refused} wishes`)];
}

/** Updates, deletes and merges: one object, wished for by one. */
function auditOne(granted: Granted, effects: readonly LedgerEntry[], read: (wish: Wish) => JsonObject | undefined): readonly Finding[] {
  const { wish } = granted;
  const { operation } = wish;
  const isUpdate = operation.endsWith('.update');
  // A delete asks for the object to be gone: that it was so before is no lie.
  const mayBeGone = operation.endsWith('.delete');
  const repeats = isUpdate && operation !== 'sms.update' ? 0 : Math.max(0, effects.length - 1);
  const twice = repeats > 0 ? [finding('duplicate', operation, `happened ${effects.length} times`)] : [];
  if (last(granted)?.ok) {
    const seen = read(wish);
    const isTrue = isUpdate
      ? effects.length > 0 && seen !== undefined && shows(seen, wish)
      : seen === undefined && (effects.length > 0 || mayBeGone);
    return isTrue ? twice : [...twice, finding('wrong success', operation, 'was reported as done, and is not')];
  }
  if (isOpen(granted) || effects.length === 0) return twice;
  return [...twice, finding('unreported effect', operation, 'was reported as not executed, and has happened')];
}

function shows(seen: JsonObject, { operation, input }: Wish): boolean {
  const names = Object.keys(input).filter((name) => name !== `${operation.split('.')[0]}_id`);
  return holds(seen, input, names);
}

/** One caller's success is everybody's; else the last word counts. */
export function last({ told }: Granted): RunReport | undefined {
  return told.find(({ ok }) => ok) ?? told.at(-1);
}

/** Nobody was told how it ended, or somebody was told that it is not known. */
export function isOpen(granted: Granted): boolean {
  const report = last(granted);
  return report === undefined || (!report.ok && report.error.code === 'outcome_unknown');
}

function finding(kind: Kind, operation: string, what: string): Finding {
  return { kind, what: `${operation} ${what}` };
}
