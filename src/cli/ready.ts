import type { Serving } from '../hosting.ts';

/** The doors as people are shown them: the backends', then the further ones. */
export function doorsOf({ backends, rube, mcp }: Serving['ready']): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  return [...Object.entries(backends), ...(rube ? [['rube', rube] as const] : []), ...(mcp ? [['mcp', mcp] as const] : [])];
}
