import { openSession, type RunningSandbox, type Session } from '../../app.ts';
import type { Context } from '../context.ts';
import { within } from '../deadline.ts';
import { demoSteps, type Step } from '../demo-steps.ts';
import { reportFailure } from '../failure.ts';
import { printReceipts, routeText } from '../receipts.ts';
import type { Terminal } from '../terminal.ts';

/** Far more than it takes on a small machine: only something that hangs gets there. */
const LONGEST_MS = 180_000;

/** `demo`: the whole way, over real HTTP and the vendors' SDKs, against a Close in memory. Exit code 0 only if every step went well. */
export async function demo({ terminal }: Context): Promise<void> {
  try {
    await within(LONGEST_MS, play(terminal));
  } catch (error) {
    reportFailure(terminal, error);
    process.exit(); // whatever hangs still holds its sockets
  }
}

async function play(terminal: Terminal): Promise<void> {
  const target = { app: 'close', config: undefined, user: undefined, sandbox: true };
  await using session = await openSession(target, { store: ':memory:', prefer: ['composio', 'rest'] });
  const { sandbox } = session;
  if (!sandbox) throw new Error('a sandbox session without a sandbox');
  const steps: Step[] = [];
  for await (const step of demoSteps(session, sandbox)) {
    steps.push(step);
    if (terminal.json) terminal.result(step);
    else show(terminal, step);
  }
  const last = await summary(session, sandbox, steps);
  if (terminal.json) terminal.result(last);
  else await showReceipts(terminal, session, last);
  if (![...steps, last].every(({ ok }) => ok)) process.exitCode = 1;
}

/** The last line: which backends carried the calls, counted from the receipts themselves. */
async function summary(session: Session, sandbox: RunningSandbox, steps: readonly Step[]): Promise<Step> {
  const entries = await session.journal.list({ limit: 200 });
  const used = new Set(entries.flatMap(({ receipt }) => receipt.route?.backend ?? []));
  const wire = sandbox.requests().length;
  return {
    step: 'receipts',
    ok: used.size >= 2 && entries.length > 0 && steps.every(({ ok }) => ok),
    note: `${entries.length} calls through ${[...used].toSorted().join(' and ')}; ${wire} requests on the wire`,
  };
}

function show(terminal: Terminal, { step, ok, operation, receipt, note }: Step): void {
  const mark = ok ? terminal.paint('green', '✓') : terminal.paint('red', '✗');
  const route = receipt?.route ? `  ${terminal.paint('dim', 'through')} ${terminal.paint('cyan', routeText(receipt))}` : '';
  terminal.print(`${mark} ${terminal.paint('bold', step)}${operation ? `  ${operation}` : ''}${route}`);
  if (note) terminal.print(`    ${terminal.paint('dim', note)}`);
}

async function showReceipts(terminal: Terminal, session: Session, { ok, note }: Step): Promise<void> {
  const entries = await session.journal.list({ limit: 200 });
  terminal.print('');
  await printReceipts(terminal, entries.toReversed());
  terminal.print(`\n${ok ? terminal.paint('green', '✓') : terminal.paint('red', '✗')} ${note}`);
}
