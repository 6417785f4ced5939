import { type App, isIntent } from '../contract/app.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';

/** Plays an intent's recipe; every step is an operation of the same app. */
export function runIntent(
  intent: Intent,
  input: JsonObject,
  app: App,
  step: (operation: Operation, input: JsonObject) => Promise<unknown>,
): Promise<unknown> {
  return intent.run(input, async (id, stepInput) => step(await operationOf(app, id), stepInput));
}

/** The first call that an intent would make, found by playing it until then. */
export async function firstStep(
  intent: Intent,
  input: JsonObject,
  app: App,
): Promise<{ readonly operation: Operation; readonly input: JsonObject }> {
  let first: { operation: Operation; input: JsonObject } | undefined;
  const stop = new Error('the first step is known');
  try {
    await runIntent(intent, input, app, (operation, stepInput) => {
      first = { operation, input: stepInput };
      return Promise.reject(stop);
    });
  } catch (error) {
    if (error !== stop) throw error;
  }
  return first ?? { operation: await operationOf(app, intent.operation), input };
}

async function operationOf(app: App, id: string): Promise<Operation> {
  const entry = await app.find(id);
  if (!entry || isIntent(entry)) throw new Error(`an intent calls "${id}", which is not an operation`);
  return entry;
}
