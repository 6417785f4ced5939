import { openSession, openSwitching, type Switching } from '../../app.ts';
import { ERRORS, RouterError } from '../../contract/errors.ts';
import type { MigrationStatus } from '../../contract/migration.ts';
import type { Context } from '../context.ts';
import { isSet, numberFlag, textFlag, type Values } from '../flags.ts';
import { namesFlag, percentFlag, spanFlag } from '../measures.ts';
import { showPlan } from '../plan-report.ts';
import { showStatus } from '../status-report.ts';

const SINCE_MS = 30 * 86_400_000;

/** `migrate plan`. Exit code 4 when something blocks. */
export async function plan(context: Context, _: readonly string[], values: Values): Promise<void> {
  const pair = pairOf(values);
  const users = namesFlag(values, 'users');
  const since = new Date(Date.now() - (spanFlag(values, 'since') ?? SINCE_MS)).toISOString();
  await using session = await openSession(context);
  const switching = await openSwitching(session, context.app);
  const found = await switching.plan({ ...pair, since, links: isSet(values, 'links'), ...(users ? { users } : {}) });
  if (found.verdict === 'blocked') process.exitCode = ERRORS.policy_denied.exit;
  if (context.terminal.json) context.terminal.result(found);
  else await showPlan(context.terminal, found);
}

/** `migrate shadow`. */
export async function shadow(context: Context, _: readonly string[], values: Values): Promise<void> {
  const pair = pairOf(values);
  const [sample, forMs] = [percentFlag(values, 'sample') ?? 10, spanFlag(values, 'for')];
  await change(context, (switching) =>
    switching.shadow({ ...pair, ...expected(values), sample: sample / 100, ...(forMs === undefined ? {} : { forMs }) }),
  );
}

/** `migrate cutover`. */
export async function cutover(context: Context, _: readonly string[], values: Values): Promise<void> {
  const [percent, users, sample] = [percentFlag(values, 'percent'), namesFlag(values, 'users'), percentFlag(values, 'sample')];
  if (percent === undefined && users === undefined)
    throw new RouterError('invalid_input', {
      what: 'nobody is named to be moved',
      next: 'Write --percent 10, or --users ada,bob; nothing was changed.',
    });
  const pair = textFlag(values, 'from') === undefined && textFlag(values, 'to') === undefined ? undefined : pairOf(values);
  const limits = {
    errors: (percentFlag(values, 'maxErrors') ?? 5) / 100,
    differences: (percentFlag(values, 'maxDifferences') ?? 2) / 100,
  };
  await change(context, (switching) =>
    switching.cutover({
      percent: percent ?? 0,
      users: users ?? [],
      limits,
      ...expected(values),
      ...(pair ? { pair } : {}),
      ...(sample === undefined ? {} : { sample: sample / 100 }),
    }),
  );
}

/** `migrate rollback`. */
export function rollback(context: Context): Promise<void> {
  return change(context, (switching) => switching.rollback());
}

/** `migrate finish`. */
export function finish(context: Context, _: readonly string[], values: Values): Promise<void> {
  return change(context, (switching) => switching.finish(expected(values)));
}

/** `migrate status`, and `migrate` alone. */
export function status(context: Context): Promise<void> {
  return change(context, (switching) => switching.status());
}

async function change(context: Context, work: (switching: Switching) => Promise<MigrationStatus>): Promise<void> {
  await using session = await openSession(context);
  const stands = await work(await openSwitching(session, context.app));
  if (context.terminal.json) context.terminal.result(stands);
  else await showStatus(context.terminal, stands);
}

function pairOf(values: Values): { readonly from: string; readonly to: string } {
  const [from, to] = [textFlag(values, 'from'), textFlag(values, 'to')];
  if (from !== undefined && to !== undefined) return { from, to };
  throw new RouterError('invalid_input', {
    what: `${from === undefined ? '--from' : '--to'} is missing`,
    next: 'Name both sides, as in --from composio --to scalekit; nothing was changed.',
  });
}

function expected(values: Values): { readonly revision?: number } {
  const revision = numberFlag(values, 'revision', { whole: true });
  return revision === undefined ? {} : { revision };
}
