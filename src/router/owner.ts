import { hostname } from 'node:os';

const PREFIX = `${hostname()}:${process.pid}:`;

/** Names who works on a key: this machine, this process, this call. */
export function ownerName(call: string): string {
  return `${PREFIX}${call}`;
}

/** False only when the owner was a process of this machine that is gone; of another machine nobody can tell. */
export function isAlive(owner: string): boolean {
  const [machine, pid] = owner.split(':');
  if (machine !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
