import type { Terminal } from './terminal.ts';

/** What every command gets: where it talks, and the flags that all share. */
export interface Context {
  readonly terminal: Terminal;
  readonly config: string | undefined;
  readonly user: string | undefined;
  readonly app: string;
  readonly sandbox: boolean;
  readonly via: string | undefined;
}
