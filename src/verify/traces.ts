import { isIntent } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import { type JsonObject, stringAt } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import type { Finding, Leftover } from '../contract/verification.ts';
import { compare, type Heard, refusalOf } from './judge.ts';
import type { Step } from './known.ts';
import { cellOf, type Stage } from './stage.ts';

interface Told {
  readonly step: Step;
  readonly backend: BackendId;
  readonly check: Finding['check'];
  readonly heard: Heard;
}

interface Made {
  readonly operation: Operation;
  readonly backend: BackendId;
  readonly input: JsonObject;
  readonly id: string | undefined;
}

/** What the episodes heard, to be compared when all have been played; and what they made, to be taken away. */
export class Traces {
  readonly #heard = new Map<string, Told[]>();
  readonly #made = new Map<string, { readonly remove: string; readonly field: string; readonly by: string; readonly backend: BackendId }>();
  /** Of no operation that could take it back. */
  readonly #stays: Leftover[] = [];
  readonly #leads = new Set<string>();
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  opened(lead: string, backend: BackendId): void {
    this.#leads.add(lead);
    this.#made.set(lead, { remove: 'lead.delete', field: 'lead_id', by: 'lead.create', backend });
  }

  made({ operation, backend, input, id }: Made): void {
    for (const gone of operation.id.endsWith('.delete') ? Object.values(input) : []) this.#made.delete(String(gone));
    if (operation.id === 'lead.merge') this.#made.delete(String(input['source']));
    if (id === undefined || operation.http.method !== 'POST') return;
    if (operation.id === 'lead.create') this.#leads.add(id);
    // It goes with its lead.
    if (this.#leads.has(stringAt(input, 'lead_id') ?? '')) return;
    const remove = this.#stage.entries.get(`${operation.id.split('.')[0]}.delete`);
    const field = remove && !isIntent(remove) ? /\{(\w+)\}/.exec(remove.http.path)?.[1] : undefined;
    if (remove && field !== undefined) this.#made.set(id, { remove: remove.id, field, by: operation.id, backend });
    else this.#stays.push({ backend, operation: operation.id, id, why: 'no operation of the app takes it back' });
  }

  heard(key: string, told: Told): void {
    const group = this.#heard.get(key) ?? [];
    group.push(told);
    this.#heard.set(key, group);
  }

  skipped({ operation }: Step, backend: BackendId, what: string): void {
    this.#stage.ledger.found(operation, backend, [{ kind: 'skipped', check: 'answer', what }]);
  }

  /** Holds what every backend heard against what the reference heard. */
  judge(): void {
    const { backends, ledger } = this.#stage;
    const [reference = ''] = backends;
    for (const group of this.#heard.values()) {
      const first = group.find(({ backend }) => backend === reference);
      for (const { step, backend, check, heard } of group) {
        const cell = cellOf(this.#stage, step.operation, backend);
        if (backend === reference) ledger.found(step.operation, backend, check === 'gone' ? [] : refusalOf(heard, check));
        else if (first) ledger.found(step.operation, backend, compare(first.heard, heard, check, cell));
      }
    }
  }

  /** Takes everything away that is still there, last made first; tells what could not be. */
  async tidy(): Promise<readonly Leftover[]> {
    const left: Leftover[] = [...this.#stays];
    const [reference = ''] = this.#stage.backends;
    for (const [id, { remove, field, by, backend }] of [...this.#made].toReversed()) {
      const report = await this.#stage.caller.tidy(reference, remove, { [field]: id });
      if (report.ok || report.error.code === 'not_found') this.#made.delete(id);
      else left.push({ backend, operation: by, id, why: `${remove} failed: ${report.error.code}` });
    }
    return left;
  }
}
