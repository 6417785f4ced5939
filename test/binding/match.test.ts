import { describe, expect, it } from 'vitest';
import { matchRequest, methodsAt } from '../../src/binding/match.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { Operation } from '../../src/contract/operation.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
const match = (method: string, path: string, body?: unknown) => matchRequest(operations, { method, path, body });

describe('a request finds its operation', () => {
  it.each([
    ['GET', '/lead/', 'lead.list', {}],
    ['get', '/lead/lead_1/', 'lead.get', { lead_id: 'lead_1' }],
    ['GET', '/lead/lead_1', 'lead.get', { lead_id: 'lead_1' }],
    ['GET', '/lead/lead_1/?_fields=id,name', 'lead.get', { lead_id: 'lead_1', fields: ['id', 'name'] }],
    ['GET', '/api/v1/lead/?_limit=5', 'lead.list', { limit: 5 }],
    ['GET', 'https://api.close.com/api/v1/lead/?_skip=5', 'lead.list', { skip: 5 }],
    ['GET', '/user/availability/', 'user_availability.list', {}],
    ['GET', '/user/user_1/', 'user.get', { user_id: 'user_1' }],
    ['DELETE', '/unsubscribe/email/a%2Bb@c.example/', 'unsubscribe.delete', { email_address: 'a+b@c.example' }],
  ])('%s %s is %s', (method, path, id, input) => {
    const found = match(method, path);
    expect([found?.operation.id, found?.input]).toEqual([id, input]);
  });

  it('POST /lead/merge/ is no lead called merge', () => {
    expect(match('POST', '/lead/merge/', { source: 'lead_1', destination: 'lead_2' })?.operation.id).toBe('lead.merge');
    expect(match('GET', '/lead/merge/')).toBeUndefined();
    expect(methodsAt(operations, '/lead/merge/')).toEqual(['POST']);
  });

  it('joins the query in the path and the one beside it', () => {
    const found = matchRequest(operations, { method: 'GET', path: '/lead/?_limit=5', query: [['_skip', '10']] });
    expect(found?.input).toEqual({ limit: 5, skip: 10 });
  });
});

describe('a request that leads elsewhere is nobody’s', () => {
  it.each([
    'https://evil.example/api/v1/lead/',
    'http://api.close.com/api/v1/lead/',
    'https://api.close.com/oauth2/token/',
    'https://api.close.com@evil.example/api/v1/lead/',
    'https://key:@api.close.com/api/v1/lead/',
    '//evil.example/lead/',
    '/lead/../user/',
    '/lead/%2e%2e/user/',
    '/lead/%2E./lead_1/',
    '/lead/lead_1%2fdelete/',
    '/lead/lead_1%5c/',
    '/lead/lead_1%252f/',
    '/lead/lead_1%0d%0a/',
    '/lead\\lead_1/',
    '/lead//',
    '/lead/%/',
    'lead/',
    '',
    '/nothing/',
  ])('%s', (path) => {
    expect(match('GET', path)).toBeUndefined();
    expect(methodsAt(operations, path)).toEqual([]);
  });

  it('another method', () => {
    expect(match('PATCH', '/lead/lead_1/')).toBeUndefined();
    expect(methodsAt(operations, '/lead/lead_1/').toSorted()).toEqual(['DELETE', 'GET', 'PUT']);
  });
});
