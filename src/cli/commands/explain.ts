import { openSession } from '../../app.ts';
import { ERRORS } from '../../contract/errors.ts';
import { readCall } from '../call-input.ts';
import type { Context } from '../context.ts';
import type { Values } from '../flags.ts';
import { printVerdicts } from '../receipts.ts';

/** `explain <op>`: the decision, without sending anything. Without a route the exit code is the one of `run`. */
export async function explain(context: Context, args: readonly string[], values: Values): Promise<void> {
  const { terminal, via } = context;
  const { operation, input } = await readCall(context, args, values);
  await using session = await openSession(context);
  const explanation = await session.router.explain(operation, input, { user: session.user, ...(via === undefined ? {} : { via }) });
  if (explanation.because) process.exitCode = ERRORS[explanation.because].exit;
  if (terminal.json) return terminal.result(explanation);
  const [first, ...others] = explanation.routes;
  const text = ({ backend, transport, connection }: { backend: string; transport: string; connection: string }): string =>
    `${backend} (${transport}) ${connection}`;
  terminal.print(
    first ? `${operation} goes through ${terminal.paint('green', text(first))}` : `${operation} has no route: ${explanation.because}`,
  );
  for (const route of others) terminal.print(`  else through ${text(route)}`);
  await printVerdicts(terminal, explanation.verdicts);
}
