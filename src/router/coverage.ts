import { type App, isIntent } from '../contract/app.ts';
import type { Binding, Cell } from '../contract/binding.ts';
import type { Coverage } from './router.ts';

/** How each backend runs each operation of an app: natively, by proxy, directly, or not at all and why. */
export async function coverage(app: App, bindings: readonly Binding[]): Promise<Coverage> {
  const own = bindings.filter((binding) => binding.app === app.id);
  const operations = (await app.all()).flatMap((entry) => (isIntent(entry) ? [] : [entry]));
  return {
    operations: operations.map(({ id, core }) => ({
      id,
      core,
      backends: Object.fromEntries(own.map(({ backend, cells }) => [backend, covered(cells[id])])),
    })),
  };
}

function covered(
  cell: Cell = { transport: 'none', why: 'this backend has no binding for it' },
): Coverage['operations'][number]['backends'][string] {
  switch (cell.transport) {
    case 'tool':
      return { transport: 'tool', tool: cell.tool };
    case 'none':
      return { transport: 'none', why: cell.why };
    default:
      return { transport: cell.transport, ...('why' in cell && cell.why ? { why: cell.why } : {}) };
  }
}
