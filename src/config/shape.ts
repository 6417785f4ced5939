import { MCP_SHAPE } from './mcp.ts';

/** What a configuration may hold: every key, and what its value has to be. Source: the product's own design. */
export type Shape =
  | { readonly kind: 'text'; readonly secret?: boolean }
  | { readonly kind: 'texts' }
  | { readonly kind: 'number'; readonly least: number }
  | { readonly kind: 'flag' }
  /** One secret, or a list of them. */
  | { readonly kind: 'secrets' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** Keys are names that the user chose. */
  | { readonly kind: 'record'; readonly of: Shape }
  | { readonly kind: 'object'; readonly keys: Readonly<Record<string, Shape>>; readonly required?: readonly string[] }
  | { readonly kind: 'text-or-object'; readonly object: Extract<Shape, { kind: 'object' }> }
  /** One secret, a list of them, or one with more to say of it. */
  | { readonly kind: 'secrets-or-object'; readonly object: Extract<Shape, { kind: 'object' }> };

const text: Shape = { kind: 'text' };
const secret: Shape = { kind: 'text', secret: true };

const backends: Shape = {
  kind: 'object',
  keys: {
    rest: { kind: 'object', keys: { api_key: secret, base_url: text } },
    composio: {
      kind: 'object',
      keys: { api_key: secret, auth_config: text, toolkit_version: text, base_url: text },
      required: ['api_key'],
    },
    membrane: {
      kind: 'object',
      keys: { workspace_key: text, workspace_secret: secret, integration: text, base_url: text },
      required: ['workspace_key', 'workspace_secret'],
    },
    scalekit: {
      kind: 'object',
      keys: { env_url: text, client_id: text, client_secret: secret, connector: text },
      required: ['env_url', 'client_id', 'client_secret'],
    },
  },
};

const onBackend: Shape = { kind: 'text-or-object', object: { kind: 'object', keys: { user: text } } };

const user: Shape = {
  kind: 'object',
  keys: {
    rest: { kind: 'text-or-object', object: { kind: 'object', keys: { user: text, api_key: secret } } },
    composio: onBackend,
    membrane: onBackend,
    scalekit: onBackend,
  },
};

export const CONFIG_SHAPE: Shape = {
  kind: 'object',
  keys: {
    backends,
    users: { kind: 'record', of: user },
    default_user: text,
    policy: {
      kind: 'object',
      keys: {
        prefer: { kind: 'texts' },
        pin: { kind: 'record', of: text },
        deny: { kind: 'texts' },
        ask: { kind: 'texts' },
        keep_keys_days: { kind: 'number', least: 0 },
        undo: { kind: 'flag' },
        keep_undo_days: { kind: 'number', least: 0 },
        account: { kind: 'choice', of: ['user', 'organization', 'organisation'] },
      },
    },
    serve: { kind: 'object', keys: { keys: { kind: 'record', of: { kind: 'secrets' } } } },
    mcp: MCP_SHAPE,
    store: text,
  },
  required: ['backends'],
};
