import type { App } from '../contract/app.ts';
import type { Services } from './services.ts';

/** What a server is put in front of: the inside of a router. */
export interface McpParts {
  readonly apps: readonly App[];
  readonly router: Pick<Services, 'run' | 'connections'>;
  readonly behind: Pick<Services, 'recent' | 'linking'>;
  /** Whom calls are made for, where nobody else is named. */
  readonly user: string;
}

const INSIDES = new WeakMap<object, () => Promise<McpParts>>();

/** Remembers the inside of a router that a program was given, for when it wants a server in front of it. */
export function rememberInside(router: object, inside: () => Promise<McpParts>): void {
  INSIDES.set(router, inside);
}

/** undefined: this is no router of ours, or one of another copy of the package. */
export function insideOf(router: object): (() => Promise<McpParts>) | undefined {
  return INSIDES.get(router);
}
