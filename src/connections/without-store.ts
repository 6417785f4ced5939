import { isRouterError } from '../contract/errors.ts';

/** A memory that cannot be had stops nobody: undefined, and life goes on without it. */
export async function withoutStore<Value>(memory: Promise<Value>): Promise<Value | undefined> {
  try {
    return await memory;
  } catch (error) {
    if (isRouterError(error)) return undefined;
    throw error;
  }
}
