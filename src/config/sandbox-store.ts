import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Where calls to the sandbox are kept: apart from the real journal, because invented calls are no record of anything. Where nothing can
 * be written, in memory: the sandbox itself is gone with the command too.
 */
export function sandboxStore(folder: string): string {
  const own = resolve(folder, '.skillrouter');
  const found = statSync(own, { throwIfNoEntry: false });
  const isThere = found === undefined ? isWritable(folder) : found.isDirectory() && isWritable(own);
  return isThere ? resolve(own, 'sandbox.db') : ':memory:';
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
