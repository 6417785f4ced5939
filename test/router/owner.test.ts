import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAlive, ownerName } from '../../src/router/owner.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const refusing = (code: string) =>
  vi.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(code), { code });
  });

describe('the owner of a key', () => {
  it('is alive while its process is', () => {
    expect(isAlive(ownerName('call_1'))).toBe(true);
  });

  it('is dead when its process is gone', () => {
    refusing('ESRCH');
    expect(isAlive(ownerName('call_1'))).toBe(false);
  });

  it('is alive when its process belongs to another user of the machine', () => {
    refusing('EPERM');
    expect(isAlive(ownerName('call_1'))).toBe(true);
  });

  it('counts as alive on another machine, where nobody can look', () => {
    refusing('ESRCH');
    expect(isAlive(`elsewhere-${ownerName('call_1')}`)).toBe(true);
  });
});
