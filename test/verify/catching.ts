import { openVerification } from '../../src/app.ts';
import type { Adapter } from '../../src/contract/adapter.ts';
import type { Backend } from '../../src/core.ts';
import type { Defect } from './defects.ts';
import { wishOf } from './stage.ts';

export interface Caught {
  readonly defect: Defect;
  /** What verify says of it; nothing: it did not notice. */
  readonly says?: string;
}

/** Runs verify on the sandbox over bindings of which one cell is wrong. The sandbox's own door keeps the right one. */
export async function caught(defect: Defect): Promise<Caught> {
  const { backend, operation, cell } = defect;
  const rewire = (one: Backend): Backend => ({
    adapter: one.adapter.backend === backend ? spoiled(one.adapter, defect) : one.adapter,
    bindings: one.bindings.map((binding) =>
      binding.backend === backend ? { ...binding, cells: { ...binding.cells, [operation]: cell } } : binding,
    ),
  });
  const wish = wishOf({ backends: ['rest', backend], operations: [operation], writes: true, rewire });
  await using verifying = await openVerification({ app: 'close', config: undefined, user: undefined, sandbox: true }, wish);
  const report = await verifying.run();
  const [worst] = report.cells.filter((one) => ['different', 'failed', 'missing'].includes(one.verdict));
  const [finding] = worst?.findings ?? [];
  return worst && finding ? { defect, says: `${worst.verdict}: ${finding.path ?? ''} ${finding.what}` } : { defect };
}

/** Sends one argument of the tool a hundred times as large. */
function spoiled(adapter: Adapter, { hundredfold: name, cell }: Defect): Adapter {
  if (name === undefined || cell.transport !== 'tool') return adapter;
  return {
    backend: adapter.backend,
    can: adapter.can,
    connections: (query, signal) => adapter.connections(query, signal),
    invoke: (call, signal) => {
      const given = call.arguments[name];
      const wrong = call.tool === cell.tool && typeof given === 'number' ? { ...call.arguments, [name]: given * 100 } : call.arguments;
      return adapter.invoke({ ...call, arguments: wrong }, signal);
    },
    request: (call, signal) => adapter.request(call, signal),
    connect: (query, signal) => adapter.connect(query, signal),
    close: () => adapter.close(),
  };
}

export function nameOf({ backend, operation, kind, about }: Defect): string {
  return `${backend} ${operation}: ${kind} (${about})`;
}
