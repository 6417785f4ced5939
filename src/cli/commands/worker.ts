import { openBulk, openSession } from '../../app.ts';
import { effortOf } from '../bulk-effort.ts';
import type { Context } from '../context.ts';
import { isSet, type Values } from '../flags.ts';

/** `worker`: rows of all bulk runs on the store, until it is told to stop. */
export async function worker(context: Context, _: readonly string[], values: Values): Promise<void> {
  const { terminal } = context;
  const effort = effortOf(terminal, values, {
    onProblem: () => undefined,
    onResult: () => undefined,
    onProgress: () => undefined,
    onNote: (text) => terminal.say(text),
  });
  await using session = await openSession(context);
  const bulk = await openBulk(session);
  if (terminal.json) terminal.result({ ready: true });
  else terminal.say('Working on bulk runs. Ctrl-C stops.');
  await bulk.work(effort, { untilIdle: isSet(values, 'untilIdle') });
}
