import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command itself. */
export const BIN = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Every line of stdout that is an object. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Further flags of node itself. */
  readonly node?: readonly string[];
}

/** The environment of a test: nothing of the machine's but the path, no proxy, no colour. */
const CLEAN = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1', NO_PROXY: '127.0.0.1,localhost' };

/** Starts the command line in a process of its own, as a user does. */
export function startCli(args: readonly string[], { cwd, env = {}, node = [] }: RunOptions) {
  return spawn(process.execPath, [...node, BIN, ...args], { cwd, env: { ...CLEAN, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = startCli(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  child.stdin.on('error', () => undefined); // it may have ended before it read everything
  child.stdin.end(options.stdin ?? '');
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return {
    code,
    ...output,
    get lines() {
      return jsonLines(output.stdout);
    },
  };
}

function jsonLines(text: string): Ran['lines'] {
  const lines = text.split('\n').filter((line) => /^\{["}]/.test(line));
  return lines.map((line) => JSON.parse(line));
}
