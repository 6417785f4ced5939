/**
 * Builds after an install (npm's `prepare`), but not when the first `npx skillrouter` in a clone links the clone into npx's
 * cache: npm runs `prepare` then too, and rebuilding would take the command away from whoever is running it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../dist/src/cli/bin.js');

if (process.env['npm_command'] !== 'exec' || !existsSync(BIN)) {
  execFileSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
}
