import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';

const { account, operation } = closeApp.identity;
const acme = { id: 'orga_1', name: 'Acme' };

describe('who a connection is', () => {
  it('is asked by an operation that reads', async () => {
    expect((await closeApp.find(operation))?.effect).toBe('read');
  });

  it('is the organization and the user, with names for people', () => {
    const me = { id: 'user_1', first_name: 'Ada', last_name: 'Lovelace', organizations: [acme] };
    expect(account(me)).toEqual({ organization: 'orga_1', user: 'user_1', label: 'Acme (Ada Lovelace)' });
  });

  it.each([
    ['the organization only as an id', { id: 'user_1', organizations: ['orga_1'] }, 'orga_1'],
    ['an id beside', { id: 'user_1', organization_id: 'orga_1' }, 'orga_1'],
    [
      'several organizations, one of them named',
      { id: 'user_1', organization_id: 'orga_1', organizations: [{ id: 'orga_2' }, acme] },
      'Acme',
    ],
  ])('is read from %s', (_, me, label) => {
    expect(account(me)).toEqual({ organization: 'orga_1', user: 'user_1', label });
  });

  it.each([
    ['several organizations and no word which', { id: 'user_1', organizations: [acme, { id: 'orga_2' }] }],
    ['no organization', { id: 'user_1', organizations: [] }],
    ['no user', { organizations: [acme] }],
    ['something else', 'hello'],
    ['nothing', null],
  ])('stays unknown with %s', (_, me) => {
    expect(account(me)).toBeUndefined();
  });
});
