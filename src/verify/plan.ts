import type { App } from '../contract/app.ts';
import type { Binding } from '../contract/binding.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { VerificationPlan } from '../contract/verification.ts';
import type { withNeeds } from './known.ts';
import type { VerifyRequest } from './request.ts';
import { ALL_WRITES } from './script/writes.ts';
import { cellOf } from './stage.ts';

type Script = ReturnType<typeof withNeeds>;

interface Planning {
  readonly app: App;
  readonly bindings: readonly Binding[];
  readonly entries: ReadonlyMap<string, Operation | Intent>;
  readonly wanted: ReadonlySet<string>;
  readonly reads: Script;
  readonly writes: Script;
  readonly request: VerifyRequest;
}

/** What is going to be done, as far as it can be told before anything is known of the account. */
export function planOf({ app, bindings, entries, wanted, reads, writes, request }: Planning): VerificationPlan {
  const { mode, backends } = request;
  const written = namesOf(writes);
  const scripted = new Set([...namesOf(reads), ...written]);
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
    writes: [...written].filter((id) => entries.get(id)?.effect !== 'read').length,
    requests: backends.length * (1 + reads.steps.length) + writes.steps.length * backends.length * PER_WRITE,
    left_out: Object.fromEntries(left),
  };
}

/** As it is and as the tools can carry it, and read again through everybody. */
const PER_WRITE = 6;

function namesOf({ steps, helpers }: Script): ReadonlySet<string> {
  return new Set(steps.filter((step) => !helpers.has(step)).map(({ operation }) => operation));
}

function whyNot(entry: Operation | Intent | undefined, { writes, careful }: VerifyRequest): string {
  if (entry?.effect === 'read') return 'it needs something that only a write can make; add --writes';
  if (!writes) return 'it writes; add --writes';
  const step = ALL_WRITES.find(({ operation }) => operation === entry?.id);
  return (careful ? step?.sandboxOnly : undefined) ?? 'nothing can be made that it could be tried on';
}
