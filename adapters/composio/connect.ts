import type { ConnectionQuery, ConnectLink } from '../../src/contract/connection.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import type { RawClient } from './client.ts';

interface Linking {
  readonly authConfig?: string;
  readonly callbackUrl?: string;
  readonly signal: AbortSignal;
}

/** Makes a hosted link, once: the SDK's own `link` retries and can leave several pending accounts. Opens nothing. */
export async function startLink(client: RawClient, { app, user }: ConnectionQuery, linking: Linking): Promise<ConnectLink> {
  const { signal, callbackUrl } = linking;
  const config = linking.authConfig ?? (await onlyConfig(client, app, signal));
  const body: unknown = await client.link.create(
    { auth_config_id: config, user_id: user, ...(callbackUrl === undefined ? {} : { callback_url: callbackUrl }) },
    { maxRetries: 0, signal },
  );
  const url = stringAt(body, 'redirect_url');
  if (!url) throw problem('reply_unexpected', 'Composio answered no link', 'Try again, or make the connection in the Composio dashboard.');
  const connection = stringAt(body, 'connected_account_id');
  const expiresAt = stringAt(body, 'expires_at');
  return {
    url,
    how: `Open the link and enter the credentials for ${app}.`,
    ...(connection === undefined ? {} : { connection }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** With one enabled auth config there is nothing to choose. */
async function onlyConfig(client: RawClient, app: string, signal: AbortSignal): Promise<string> {
  const body: unknown = await client.authConfigs.list({ toolkit_slug: app }, { maxRetries: 0, signal });
  if (!isObject(body) || !Array.isArray(body['items']))
    throw problem('reply_unexpected', 'Composio answered no readable list of auth configs', 'Check backends.composio.base_url.');
  const enabled = body['items'].filter((item) => stringAt(item, 'status') === 'ENABLED').map((item) => stringAt(item, 'id') ?? '');
  const [only, ...others] = enabled.filter((id) => id !== '');
  if (only === undefined)
    throw problem(
      'configuration',
      `Composio has no enabled auth config for ${app}`,
      'Create one in the Composio dashboard and set backends.composio.auth_config.',
    );
  if (others.length > 0)
    throw problem(
      'configuration',
      `Composio has several auth configs for ${app}: ${[only, ...others].join(', ')}`,
      'Set backends.composio.auth_config to one of them.',
    );
  return only;
}

function problem(code: 'reply_unexpected' | 'configuration', what: string, next: string): RouterError {
  return new RouterError(code, { what, next, backend: 'composio' });
}
