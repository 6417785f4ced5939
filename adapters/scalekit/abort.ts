/** The work's result, or at once what `given` makes when the signal ends first. The work itself goes on. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal, given: () => T): Promise<T> {
  if (signal.aborted) return given();
  let stop = (): void => undefined;
  const aborted = new Promise<T>((resolve) => {
    stop = () => resolve(given());
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
