import { enableCompileCache } from 'node:module';
import { packageVersion } from '../contract/package.ts';
import { type Io, terminalOn } from './terminal.ts';

/** Runs the command line. Sets `process.exitCode`; never rejects. */
export async function main(argv: readonly string[]): Promise<void> {
  const io: Io = { out: process.stdout, err: process.stderr };
  for (const stream of [process.stdout, process.stderr]) stream.on('error', leaveWhenPipeIsClosed);
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    io.out.write(`${packageVersion()}\n`);
    return;
  }
  // Compiled code of the libraries is kept between runs, in the system's temporary folder.
  enableCompileCache();
  const terminal = terminalOn(io, argv.includes('--json'));
  try {
    const { buildProgram } = await import('./program.ts');
    await buildProgram(terminal).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const { reportFailure } = await import('./failure.ts');
    reportFailure(terminal, error);
  }
}

/** `skillrouter ops | head` is no failure. */
function leaveWhenPipeIsClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
}
