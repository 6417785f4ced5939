import { RouterError } from './errors.ts';

/** Waits, and rejects with `timeout` as soon as the caller interrupts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      signal.removeEventListener('abort', stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(new RouterError('timeout', { what: 'waiting was interrupted', next: 'Wait again when you like; nothing was changed.' }));
    }
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', stopped, { once: true });
  });
}
