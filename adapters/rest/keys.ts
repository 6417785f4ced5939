import { createHash } from 'node:crypto';

/** Close API keys by user, and one for whoever has none of their own. An OAuth access token can stand in for a key. */
export interface Keys {
  readonly users?: Readonly<Record<string, string>>;
  readonly everybody?: string;
}

export function keyOf(keys: Keys, user: string): string | undefined {
  return keys.users && Object.hasOwn(keys.users, user) ? keys.users[user] : keys.everybody;
}

/** The id of the connection that a key is: it changes when the key does, and tells nothing of it. */
export function connectionId(key: string): string {
  return `key_${createHash('sha256').update(`skillrouter:${key}`).digest('hex').slice(0, 12)}`;
}

/** Close takes an API key as the user name of Basic, with an empty password, and an OAuth token as Bearer; keys begin with `api_`. */
export function authorization(key: string): string {
  return key.startsWith('api_') ? `Basic ${Buffer.from(`${key}:`).toString('base64')}` : `Bearer ${key}`;
}
