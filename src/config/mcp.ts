import { isStrings, stringAt } from '../contract/guards.ts';
import type { McpKey, McpOauth, McpSettings } from '../contract/mcp.ts';
import type { Scope } from '../contract/scope.ts';
import type { Path, Problem } from './check.ts';
import type { Shape } from './shape.ts';

const text: Shape = { kind: 'text' };
const secret: Shape = { kind: 'text', secret: true };
const texts: Shape = { kind: 'texts' };
const flag: Shape = { kind: 'flag' };
const scope = { read_only: flag, allow: texts, deny: texts } as const;

export const MCP_SHAPE: Shape = {
  kind: 'object',
  keys: {
    expose: { kind: 'choice', of: ['meta', 'direct', 'mixed'] },
    operations: texts,
    ...scope,
    approve: texts,
    allowed_hosts: texts,
    requests_per_minute: { kind: 'number', least: 1 },
    state_secret: secret,
    keys: {
      kind: 'record',
      of: { kind: 'secrets-or-object', object: { kind: 'object', keys: { key: secret, user: text, ...scope }, required: ['key'] } },
    },
    oauth: {
      kind: 'object',
      keys: { issuer: text, audience: text, jwks_uri: text, user_claim: text, scopes: texts },
      required: ['issuer', 'audience', 'jwks_uri'],
    },
  },
};

/** The section as it was found, after its shape was checked. */
export function mcpOf(value: unknown): McpSettings {
  const rate = at(value, 'requests_per_minute');
  const [expose, stateSecret] = [stringAt(value, 'expose'), stringAt(value, 'state_secret')];
  const oauth = at(value, 'oauth');
  return {
    ...(expose === 'meta' || expose === 'direct' || expose === 'mixed' ? { expose } : {}),
    operations: textsAt(value, 'operations') ?? [],
    scope: { ...scopeOf(value), approve: textsAt(value, 'approve') ?? [] },
    allowedHosts: textsAt(value, 'allowed_hosts') ?? [],
    keys: entries(at(value, 'keys')).flatMap(([name, held]) => keysOf(name, held)),
    ...(oauth === undefined ? {} : { oauth: oauthOf(oauth) }),
    ...(stateSecret === undefined ? {} : { stateSecret }),
    ...(typeof rate === 'number' ? { requestsPerMinute: rate } : {}),
  };
}

/** What is wrong although its shape is right. `known` tells of a pattern that names no operation. */
export function mcpProblems(config: McpSettings, known: (path: Path, pattern: string, also?: readonly string[]) => readonly Problem[]) {
  const { scope: own, keys, oauth, stateSecret } = config;
  const patterns = (path: Path, { allow = [], deny = [] }: Scope): readonly Problem[] => [
    ...allow.flatMap((pattern) => known([...path, 'allow'], pattern)),
    ...deny.flatMap((pattern) => known([...path, 'deny'], pattern)),
  ];
  return [
    ...config.operations.flatMap((pattern) => known(['mcp', 'operations'], pattern)),
    ...patterns(['mcp'], own),
    ...(own.approve ?? []).filter((rule) => !RULES.includes(rule)).flatMap((rule) => known(['mcp', 'approve'], rule, RULES)),
    ...keys.flatMap(({ name, scope: narrower }) => patterns(['mcp', 'keys', name], narrower)),
    ...keys.filter(({ user }) => user === '*').map(({ name }) => ({ path: ['mcp', 'keys', name], problem: NOBODY })),
    ...keys
      .filter(({ key }, place) => keys.findIndex((other) => other.key === key) < place)
      .map(({ name }) => ({ path: ['mcp', 'keys', name], problem: TWIN })),
    ...(stateSecret !== undefined && Buffer.byteLength(stateSecret) < 32 ? [{ path: ['mcp', 'state_secret'], problem: SHORT }] : []),
    ...(oauth && !isSafe(oauth.jwksUri) ? [{ path: ['mcp', 'oauth', 'jwks_uri'], problem: 'must be an https:// address' }] : []),
  ];
}

const RULES: readonly string[] = ['destructive', 'sends'];
const NOBODY = 'an MCP key speaks for one user: a client cannot name one';
const TWIN = 'is the same key as another one, so nobody could tell who calls';
const SHORT = 'must have at least 32 characters';

/** Keys that verify tokens do not come over a line that anybody can change. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(hostname));
}

function keysOf(name: string, held: unknown): readonly McpKey[] {
  if (typeof held === 'string') return [{ name, user: name, key: held, scope: {} }];
  if (isStrings(held)) return held.map((key) => ({ name, user: name, key, scope: {} }));
  const key = stringAt(held, 'key');
  return key === undefined ? [] : [{ name, user: stringAt(held, 'user') ?? name, key, scope: scopeOf(held) }];
}

function scopeOf(value: unknown): Scope {
  const [allow, deny] = [textsAt(value, 'allow'), textsAt(value, 'deny')];
  return { ...(at(value, 'read_only') === true ? { readOnly: true } : {}), ...(allow ? { allow } : {}), ...(deny ? { deny } : {}) };
}

function oauthOf(value: unknown): McpOauth {
  const read = (key: string): string => stringAt(value, key) ?? '';
  return {
    issuer: read('issuer'),
    audience: read('audience'),
    jwksUri: read('jwks_uri'),
    userClaim: stringAt(value, 'user_claim') ?? 'sub',
    scopes: textsAt(value, 'scopes') ?? [],
  };
}

function textsAt(value: unknown, key: string): readonly string[] | undefined {
  const found = at(value, key);
  return isStrings(found) ? found : undefined;
}

function at(value: unknown, key: string): unknown {
  return entries(value).find(([name]) => name === key)?.[1];
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
