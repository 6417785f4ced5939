import { RouterError } from '../../contract/errors.ts';
import { checkedArguments } from '../arguments.ts';
import { askConnection, consentOf, waitForConnection } from '../consent.ts';
import { APP, appNamed } from '../fields.ts';
import { ADDS } from '../hints.ts';
import { answered, outputSchema } from '../results.ts';
import type { Services } from '../services.ts';
import type { Tool, ToolRequest, ToolResult } from '../tool.ts';

/** Makes a link by which the person connects their account. */
export function connect(services: Services): Tool {
  const inputSchema = {
    type: 'object',
    properties: { app: APP, backend: { type: 'string', maxLength: 60, description: 'Default: the preferred one that makes links' } },
    additionalProperties: false,
  };
  return {
    name: 'connect',
    title: 'Connect an account',
    description:
      'Make a link by which the person connects their account. Give it to them: only they can open it. Then call connections with wait_seconds. Not needed while a connection is active.',
    inputSchema,
    outputSchema: outputSchema({
      backend: { type: 'string' },
      connected: { type: 'boolean' },
      url: { type: 'string' },
      how: { type: 'string' },
    }),
    annotations: ADDS,
    call: async (raw, request) => {
      const { app, backend } = checkedArguments('connect', inputSchema, raw);
      return start(services, { app: appNamed(services, app), backend: typeof backend === 'string' ? backend : firstOf(services) }, request);
    },
  };
}

async function start(
  services: Services,
  target: { readonly app: string; readonly backend: string },
  request: ToolRequest,
): Promise<ToolResult> {
  const { app, backend } = target;
  const call = services.fingerprint('connect', { ...target });
  const { linked, opened } = consentOf(request, call);
  if (linked !== undefined) return finished(backend, opened === true && (await waitForConnection(services, target, request)));
  const { url, how, expiresAt } = await services.connections.connect({ app, user: request.caller.user, backend });
  const question = await askConnection([{ backend, how, ...(url ? { url } : {}) }], { call, approved: false }, request);
  if (question) return question;
  const next = url
    ? 'next: give the person this link; then call connections with wait_seconds 60'
    : 'next: tell the person; then call connections';
  return answered([url ? `link for ${backend}: ${url}` : `${backend} makes no link`, how, next], {
    backend,
    connected: false,
    how,
    ...(url ? { url } : {}),
    ...(expiresAt ? { expires_at: expiresAt } : {}),
  });
}

function finished(backend: string, connected: boolean): ToolResult {
  const line = connected
    ? `connected: a connection on ${backend} is usable; repeat the call that needed it`
    : `not connected yet on ${backend}; next: call connections with wait_seconds, or ask the person`;
  return answered([line], { backend, connected });
}

function firstOf({ linking }: Services): string {
  const [first] = linking;
  if (first !== undefined) return first;
  throw new RouterError('unsupported_operation', {
    what: 'no configured backend makes links',
    next: 'Whoever runs the server has to configure a key, or a backend that makes links.',
  });
}
