import type { z } from 'zod';
import type { JsonObject } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';

const never = (): boolean => false;

type Defaulted = 'sends' | 'pitfalls' | 'core';

/**
 * Declares one operation of an app. Left out: `sends` means nobody outside receives anything, `pitfalls` none,
 * `core` true. The example is checked against the schema by the catalogue's tests.
 */
export function operation<const Id extends string, Input extends z.ZodType, Output extends z.ZodType>(
  declared: Omit<Operation<Id, Input, Output>, Defaulted> & Partial<Pick<Operation<Id, Input, Output>, Defaulted>>,
): Operation<Id, Input, Output> {
  return { sends: never, pitfalls: [], core: true, ...declared };
}

/** Declares an intent. Left out: `sends` means nobody outside receives anything, `pitfalls` none. */
export function intent<const Id extends string, Input extends z.ZodType, Output extends z.ZodType>(
  declared: Omit<Intent<Id, Input, Output>, 'sends' | 'pitfalls'> & {
    readonly sends?: (input: JsonObject) => boolean;
    readonly pitfalls?: readonly string[];
  },
): Intent<Id, Input, Output> {
  return { sends: never, pitfalls: [], ...declared };
}
