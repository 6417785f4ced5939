import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import type { JsonObject } from '../../src/contract/guards.ts';

const ENVIRONMENT = { ADA_KEY: 'key-of-ada', BOB_KEY: 'key-of-bob', STATE: 'x'.repeat(32) };

const read = (mcp: JsonObject, secretsAllowed = false) =>
  parseConfig({
    value: { backends: { rest: {} }, mcp },
    environment: ENVIRONMENT,
    folder: '/',
    secretsAllowed,
    operations: ['lead.create', 'lead.delete', 'call.log'],
  }).mcp;

/** What is wrong with a section, as its writer is told. */
function problem(mcp: JsonObject, secretsAllowed = true): string {
  try {
    read(mcp, secretsAllowed);
  } catch (error) {
    if (isRouterError(error)) return error.message;
  }
  throw new Error('the section was accepted');
}

describe('the section mcp', () => {
  it('is read whole: what is shown, to whom, and what each may do', () => {
    const mcp = read({
      expose: 'mixed',
      operations: ['lead.*'],
      deny: ['*.delete'],
      approve: ['sends', 'call.log'],
      allowed_hosts: ['router.example'],
      requests_per_minute: 60,
      state_secret: `\${STATE}`,
      keys: { ada: [`\${ADA_KEY}`, `\${ADA_KEY}2`], report: { key: `\${BOB_KEY}`, user: 'bob', read_only: true, allow: ['lead.*'] } },
      oauth: { issuer: 'https://id.example', audience: 'https://router.example/mcp', jwks_uri: 'https://id.example/jwks', scopes: ['crm'] },
    });
    expect(mcp).toEqual({
      expose: 'mixed',
      operations: ['lead.*'],
      scope: { deny: ['*.delete'], approve: ['sends', 'call.log'] },
      allowedHosts: ['router.example'],
      requestsPerMinute: 60,
      stateSecret: 'x'.repeat(32),
      keys: [
        { name: 'ada', user: 'ada', key: 'key-of-ada', scope: {} },
        { name: 'ada', user: 'ada', key: 'key-of-ada2', scope: {} },
        { name: 'report', user: 'bob', key: 'key-of-bob', scope: { readOnly: true, allow: ['lead.*'] } },
      ],
      oauth: {
        issuer: 'https://id.example',
        audience: 'https://router.example/mcp',
        jwksUri: 'https://id.example/jwks',
        userClaim: 'sub',
        scopes: ['crm'],
      },
    });
  });

  it.each<[JsonObject, string]>([
    [{ exposes: 'meta' }, 'did you mean "expose"?'],
    [{ expose: 'all' }, 'mcp.expose: must be meta or direct or mixed'],
    [{ keys: { ada: { user: 'ada' } } }, 'mcp.keys.ada: needs the key "key"'],
    [{ keys: { ada: { key: 'k', readonly: true } } }, 'did you mean "read_only"?'],
    [{ keys: { '*': 'a-key' } }, 'an MCP key speaks for one user'],
    [{ keys: { ada: 'same', bob: { key: 'same' } } }, 'is the same key as another one'],
    [{ keys: { ada: { key: 'k', allow: ['lead.creat'] } } }, 'did you mean "lead.create"?'],
    [{ deny: ['lead.destroy'] }, 'unknown operation "lead.destroy"'],
    [{ approve: ['destructiv'] }, 'did you mean "destructive"?'],
    [{ requests_per_minute: 0 }, 'must be a number from 1 on'],
    [{ state_secret: 'short' }, 'must have at least 32 characters'],
    [{ oauth: { issuer: 'https://id.example' } }, 'needs the key "audience"'],
    [{ oauth: { issuer: 'i', audience: 'a', jwks_uri: 'http://id.example/jwks' } }, 'must be an https:// address'],
  ])('%j is refused: %s', (mcp, says) => {
    expect(problem(mcp)).toContain(says);
  });

  it.each<JsonObject>([
    { keys: { ada: 'key-of-ada' } },
    { keys: { ada: { key: 'key-of-ada' } } },
    { state_secret: 'y'.repeat(32) },
  ])('%j holds a secret that belongs into the environment, and it is not repeated', (mcp) => {
    const said = problem(mcp, false);
    expect(said).toContain('a secret must not stand in the file');
    expect(said).not.toMatch(/key-of-ada|yyyy/);
  });
});
