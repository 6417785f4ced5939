import type { Account } from '../contract/connection.ts';

/** What tells two accounts apart under the policy. */
export function accountKey(account: Account, by: 'user' | 'organization'): string {
  return by === 'user' ? `${account.organization}/${account.user}` : account.organization;
}
