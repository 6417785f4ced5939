import type { BackendId, Transport } from '../contract/backend.ts';
import { type Finding, VERIFIED, type Verified, type VerifiedCell } from '../contract/verification.ts';

interface Entry {
  readonly transports: Set<Transport>;
  calls: number;
  readonly findings: Finding[];
  /** One call at least could be compared. */
  compared: boolean;
}

/** What is known so far, by operation and backend. */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  called(operation: string, backend: BackendId, transport: Transport | undefined): void {
    const entry = this.#at(operation, backend);
    entry.calls += 1;
    if (transport) entry.transports.add(transport);
  }

  found(operation: string, backend: BackendId, findings: readonly Finding[]): void {
    const entry = this.#at(operation, backend);
    if (findings.every(({ kind }) => kind !== 'skipped')) entry.compared = true;
    for (const finding of findings) if (!entry.findings.some((one) => isSame(one, finding))) entry.findings.push(finding);
  }

  /** Takes over what an earlier run had found. */
  restore(cells: readonly VerifiedCell[]): void {
    for (const { operation, backend, transports, calls, findings, verdict } of cells) {
      const entry = this.#at(operation, backend);
      entry.calls += calls;
      for (const transport of transports) entry.transports.add(transport);
      entry.findings.push(...findings);
      entry.compared ||= verdict !== 'skipped';
    }
  }

  cells(): readonly VerifiedCell[] {
    return [...this.#entries].map(([key, { transports, calls, findings, compared }]) => {
      const [operation = '', backend = ''] = key.split(' ');
      const counting = compared ? findings.filter(({ kind }) => kind !== 'skipped') : findings;
      return { operation, backend, verdict: worst(counting), transports: [...transports], calls, findings: counting };
    });
  }

  #at(operation: string, backend: BackendId): Entry {
    const key = `${operation} ${backend}`;
    const entry = this.#entries.get(key) ?? { transports: new Set(), calls: 0, findings: [], compared: false };
    this.#entries.set(key, entry);
    return entry;
  }
}

function worst(findings: readonly Finding[]): Verified {
  return findings.reduce<Verified>((one, { kind }) => (VERIFIED.indexOf(kind) > VERIFIED.indexOf(one) ? kind : one), 'equal');
}

function isSame(a: Finding, b: Finding): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
