/** The types of every operation and intent by full name, taken from the files themselves. */
import type { z } from 'zod';
import type { files } from './files.ts';

interface Entry {
  readonly app: string;
  readonly id: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

type Files = typeof files;
type Module = { readonly [Name in keyof Files]: Awaited<ReturnType<Files[Name]>> }[keyof Files];
type EntryOf<M> = M extends unknown ? Extract<M[keyof M], Entry> : never;
type Entries = EntryOf<Module>;

/** Full name → what goes in and what comes out, e.g. `CloseOperations['close.lead.create']['input']`. */
export type CloseOperations = {
  readonly [E in Entries as `close.${E['id']}`]: { readonly input: z.input<E['input']>; readonly output: z.output<E['output']> };
};

/** Every full name. */
export type CloseOperation = keyof CloseOperations;
