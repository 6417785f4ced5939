import { type App, isIntent } from '../contract/app.ts';
import { isRouterError, RouterError } from '../contract/errors.ts';
import type { CallContext, CanonicalCall, Executor, Outcome } from '../contract/executor.ts';
import { isObject } from '../contract/guards.ts';
import type { Intent } from '../contract/operation.ts';

/** An executor that plays intents too, step by step, for doors that offer them: the world itself knows operations only. */
export function withIntents(app: App, executor: Executor): Executor {
  return {
    run: async (call, context) => {
      const entry = call.operation.startsWith(`${app.id}.`) ? await app.find(call.operation.slice(app.id.length + 1)) : undefined;
      return entry && isIntent(entry) ? play(entry, call, context, executor) : executor.run(call, context);
    },
  };
}

async function play(intent: Intent, { operation, input }: CanonicalCall, context: CallContext, executor: Executor): Promise<Outcome> {
  const read = intent.input.safeParse(input);
  if (!read.success) {
    const fields = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), problem: message }));
    const told = fields.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join('; ');
    return {
      ok: false,
      error: new RouterError('invalid_input', { operation, what: told, next: 'Correct the fields; nothing was sent.', fields }),
    };
  }
  try {
    const data = await intent.run(isObject(read.data) ? read.data : input, async (id, stepInput) => {
      const outcome = await executor.run({ operation: `${intent.app}.${id}`, input: stepInput }, context);
      if (outcome.ok) return outcome.data;
      throw outcome.error;
    });
    return { ok: true, data };
  } catch (error) {
    if (isRouterError(error)) return { ok: false, error };
    throw error;
  }
}
