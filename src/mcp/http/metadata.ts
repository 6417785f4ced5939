import { refused } from './refusals.ts';

/** What a client that was refused reads, in order to get a token for us. Anybody may, pages of any origin included. */
export function metadataResponse(
  request: Request,
  { resource, issuer, scopes }: { readonly resource: string; readonly issuer: string; readonly scopes: readonly string[] },
): Response {
  if (request.method !== 'GET') return refused(405, 'this document is only read', { allow: 'GET' });
  const document = {
    resource,
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    ...(scopes.length > 0 ? { scopes_supported: scopes } : {}),
    resource_name: 'skillrouter',
  };
  return Response.json(document, { headers: { 'access-control-allow-origin': '*', 'cache-control': 'max-age=3600' } });
}
