import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/sources.ts';
import { against, type Figure } from './figure.ts';
import { interleaved, p50 } from './measure.ts';
import type { BenchSandbox } from './sandbox.ts';

const BIN = join(ROOT, 'dist/src/cli/bin.js');

/** The built command, cold, against an empty Node process. */
export async function startFigures({ rest }: BenchSandbox): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-bench-'));
  writeFileSync(
    join(folder, 'skillrouter.yaml'),
    `backends:\n  rest: { api_key: \${BENCH_CLOSE_KEY}, base_url: ${rest.url} }\nusers: { ada: {} }\ndefault_user: ada\nstore: ./journal.db\n`,
  );
  const env = { ...process.env, BENCH_CLOSE_KEY: rest.apiKey };
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const timings = await interleaved(
      [
        { name: 'empty', run: () => node('-e', '0') },
        { name: 'version', run: () => node(BIN, '--version') },
        { name: 'run', run: () => node(BIN, 'run', 'lead.list', '--limit', '1', '--json') },
      ],
      { rounds: 15, warmup: 2 },
    );
    const empty = p50(timings, 'empty');
    return [
      over('cold start: skillrouter --version', p50(timings, 'version'), empty, 40),
      over('cold start: one run over REST', p50(timings, 'run'), empty, 120),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function over(what: string, value: number, empty: number, allowance: number): Figure {
  return { ...against(what, value, 'node -e 0', empty), target: `≤ node + ${allowance} ms`, met: value <= empty + allowance };
}
