import { Option } from 'commander';
import type { Context } from './context.ts';
import type { Values } from './flags.ts';

export type Handler = (context: Context, args: readonly string[], values: Values) => Promise<void>;

/** One command, as data. */
export interface CommandSpec {
  /** Name and arguments, as commander writes them. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly options?: readonly Option[];
  /** Further `--field value` pairs are the operation's input. */
  readonly fields?: boolean;
  readonly hidden?: boolean;
  /** Loads the command's file; nothing else of it is needed to print help. */
  readonly load?: () => Promise<Handler>;
  readonly commands?: readonly CommandSpec[];
}

export const option = (flags: string, description: string): Option => new Option(flags, description);

/** An option that may be repeated; its value is a list. */
export const collected = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
