/** Milliseconds, sorted. */
export interface Timing {
  readonly name: string;
  readonly times: readonly number[];
}

export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/**
 * Times every subject `rounds` times, one after the other in each round, so that whatever else the machine does hits all alike.
 * The order rotates: nobody always runs in the other's wake.
 */
export async function interleaved(
  subjects: readonly Subject[],
  { rounds, warmup }: { readonly rounds: number; readonly warmup: number },
): Promise<readonly Timing[]> {
  const times = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -warmup; round < rounds; round++) {
    for (const at of subjects.keys()) {
      const subject = subjects[(at + round + warmup) % subjects.length];
      if (subject === undefined) continue;
      const begun = performance.now();
      await subject.run();
      const ms = performance.now() - begun;
      if (round >= 0) times.get(subject.name)?.push(ms);
    }
  }
  return [...times].map(([name, own]) => ({ name, times: own.toSorted((a, b) => a - b) }));
}

/** Microseconds of one run, from batches long enough for the clock. */
export function perRun(work: () => unknown, { batches, size }: { readonly batches: number; readonly size: number }): readonly number[] {
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const begun = performance.now();
    for (let turn = 0; turn < size; turn++) work();
    times.push(((performance.now() - begun) * 1000) / size);
  }
  return times.toSorted((a, b) => a - b);
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function p50(timings: readonly Timing[], name: string): number {
  const timing = timings.find((one) => one.name === name);
  if (timing === undefined) throw new Error(`nothing was measured under the name ${name}`);
  return quantile(timing.times, 0.5);
}
