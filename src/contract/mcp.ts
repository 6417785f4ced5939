import type { Scope } from './scope.ts';

/** One secret by which a client of the MCP server is known, for whom it speaks, and what it may do. */
export interface McpKey {
  readonly name: string;
  readonly user: string;
  readonly key: string;
  readonly scope: Scope;
}

/** Whose access tokens the MCP server takes, as an OAuth resource server (RFC 9728). */
export interface McpOauth {
  readonly issuer: string;
  /** What a token for us names in `aud`. */
  readonly audience: string;
  readonly jwksUri: string;
  /** The claim that holds our user's name. */
  readonly userClaim: string;
  /** Scopes that every token needs. */
  readonly scopes: readonly string[];
}

/** What a configuration says of the MCP server. */
export interface McpSettings {
  readonly expose?: 'meta' | 'direct' | 'mixed';
  readonly operations: readonly string[];
  readonly scope: Scope;
  readonly allowedHosts: readonly string[];
  readonly keys: readonly McpKey[];
  readonly oauth?: McpOauth;
  /** Signs what travels through clients; replicas need the same one. */
  readonly stateSecret?: string;
  readonly requestsPerMinute?: number;
}
