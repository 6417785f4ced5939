import type { RateLimit } from '../../src/contract/executor.ts';

/** The spellings that Close's rate limit was seen in, and its absence. Source: backends/close-rest.md §7 */
export type RateLimitDialect = 'comma' | 'semicolon' | 'discrete' | 'none';

const SPELLINGS: Readonly<Record<RateLimitDialect, (limit: RateLimit) => Readonly<Record<string, string>>>> = {
  comma: (limit) => ({ ratelimit: joined(limit, ', ') }),
  semicolon: (limit) => ({ ratelimit: joined(limit, '; '), ...discrete(limit) }),
  discrete,
  none: () => ({}),
};

export function rateLimitHeaders(limit: RateLimit | undefined, dialect: RateLimitDialect): Readonly<Record<string, string>> {
  return limit ? SPELLINGS[dialect](limit) : {};
}

function joined({ limit, remaining, resetSeconds }: RateLimit, separator: string): string {
  return [`limit=${limit}`, `remaining=${remaining}`, `reset=${resetSeconds}`].join(separator);
}

function discrete({ limit, remaining, resetSeconds }: RateLimit): Readonly<Record<string, string>> {
  return { 'ratelimit-limit': `${limit}`, 'ratelimit-remaining': `${remaining}`, 'ratelimit-reset': `${resetSeconds}` };
}
