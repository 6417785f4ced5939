import type { Name } from './rig.ts';

/** The requests that carry an operation; lists of connections, tokens and schemas carry none. */
const CARRIES: Readonly<Record<string, string>> = {
  composio: '/tools/execute/',
  membrane: '/run$|/proxy/',
  rest: '/api/v1/',
  scalekit: 'ExecuteTool$|^/proxy/',
};

export function carriers(adapter: Name): RegExp {
  const pattern = CARRIES[adapter];
  if (pattern === undefined) throw new Error(`nobody has said which requests to ${adapter} carry an operation`);
  return new RegExp(pattern);
}
