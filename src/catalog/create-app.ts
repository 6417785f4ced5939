import type { App } from '../contract/app.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { plainErrors } from './plain-errors.ts';

/** An app whose operations are at hand. */
export interface AppDeclaration extends Pick<App, 'id' | 'identity'>, Partial<Pick<App, 'errors' | 'rateLimit'>> {
  readonly operations: readonly (Operation | Intent)[];
}

/** Declares an app. Left out: `errors` reads and writes plain HTTP statuses, `rateLimit` knows of no limit. */
export function createApp({ id, identity, operations, errors = plainErrors, rateLimit = () => undefined }: AppDeclaration): App {
  return {
    id,
    identity,
    errors,
    rateLimit,
    ids: operations.map((entry) => entry.id),
    find: async (name) => operations.find((entry) => entry.id === name),
    all: async () => operations,
  };
}
