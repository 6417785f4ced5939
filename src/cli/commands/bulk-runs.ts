import { openBulk, openSession } from '../../app.ts';
import { printRuns, showBulk } from '../bulk-report.ts';
import type { Context } from '../context.ts';

/** `bulk list`: runs, newest first. */
export async function bulkList(context: Context): Promise<void> {
  const { terminal } = context;
  await using session = await openSession(context);
  const runs = await (await openBulk(session)).runs();
  if (terminal.json) return terminal.result({ runs });
  if (runs.length === 0) return terminal.say('No bulk runs yet.');
  await printRuns(terminal, runs);
}

/** `bulk show <run>`: how far it is. */
export async function bulkShow(context: Context, [id = '']: readonly string[]): Promise<void> {
  await using session = await openSession(context);
  showBulk(context.terminal, await (await openBulk(session)).show(id));
}
