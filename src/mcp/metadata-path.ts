/** Where RFC 9728 has the description of a protected resource: before the resource's own path. */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';
