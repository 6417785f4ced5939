import { originValidationResponse, validateHostHeader } from '@modelcontextprotocol/server';
import { refused } from './refusals.ts';

/**
 * Lets nobody in who came by a name that is not ours: a page that led its own name to this address (DNS rebinding), or a page of
 * another origin in the browser of somebody who may call. Programs send no Origin.
 */
export function gateOf(allowedHosts: readonly string[]): (request: Request) => Response | undefined {
  const names = [...allowedHosts];
  return (request) => {
    const named = validateHostHeader(request.headers.get('host') ?? new URL(request.url).host, names);
    if (!named.ok) return refused(403, 'this server is not called by that name; see --allowed-hosts');
    return originValidationResponse(request, names);
  };
}
