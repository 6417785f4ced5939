import type { App } from '../contract/app.ts';
import type { Binding } from '../contract/binding.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { VerificationPlan } from '../contract/verification.ts';
import type { withNeeds } from './known.ts';
import type { VerifyRequest } from './request.ts';
import { cellOf } from './stage.ts';

interface Planning {
  readonly app: App;
  readonly bindings: readonly Binding[];
  readonly entries: ReadonlyMap<string, Operation | Intent>;
  readonly wanted: ReadonlySet<string>;
  readonly reads: ReturnType<typeof withNeeds>;
  readonly request: VerifyRequest;
}

/** What is going to be done, as far as it can be told before anything is known of the account. */
export function planOf({ app, bindings, entries, wanted, reads, request }: Planning): VerificationPlan {
  const { mode, backends } = request;
  const scripted = new Set(reads.steps.filter((step) => !reads.helpers.has(step)).map(({ operation }) => operation));
  const left = [...wanted].filter((id) => !scripted.has(id)).map((id) => [id, whyNot(entries.get(id), request)]);
  const ways = backends.map((backend) => {
    const cells = [...scripted].map((id) => cellOf({ app, bindings, entries }, id, backend)?.transport ?? 'none');
    const count = (way: string): number => cells.filter((cell) => cell === way).length;
    return { backend, tool: count('tool'), proxy: count('proxy'), direct: count('direct'), none: count('none') };
  });
  return {
    mode,
    reference: backends[0] ?? '',
    backends: ways,
    operations: scripted.size,
    writes: 0,
    requests: (reads.steps.length - reads.helpers.size) * backends.length + reads.helpers.size,
    left_out: Object.fromEntries(left),
  };
}

function whyNot(entry: Operation | Intent | undefined, { writes }: VerifyRequest): string {
  return entry?.effect !== 'read' && !writes ? 'it writes; add --writes' : 'there is no script for it yet';
}
