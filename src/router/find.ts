import { nearestOperations } from '../catalog/nearest-operation.ts';
import type { App } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { Intent, Operation } from '../contract/operation.ts';

/** Finds an operation or intent by its full name, `close.lead.create`. Throws `unknown_operation` with the three closest. */
export async function find(apps: readonly App[], name: string): Promise<{ readonly app: App; readonly entry: Operation | Intent }> {
  const app = apps.find(({ id }) => name.startsWith(`${id}.`));
  const entry = await app?.find(name.slice(app.id.length + 1));
  if (app && entry) return { app, entry };
  const names = apps.flatMap(({ id, ids }) => ids.map((one) => `${id}.${one}`));
  const close = nearestOperations(name, names);
  throw new RouterError('unknown_operation', {
    what: `there is no operation "${name.replaceAll(/[^\w.-]/g, '?').slice(0, 80)}"`,
    next:
      close.length > 0
        ? `Did you mean ${close.join(', ')}? "skillrouter ops <words>" searches all.`
        : '"skillrouter ops <words>" searches all operations.',
    nearest: close,
  });
}
