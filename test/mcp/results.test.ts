import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode, type ErrorJson } from '../../src/contract/errors.ts';
import { failed } from '../../src/mcp/results.ts';
import { dataOf, textOf } from './stage.ts';

/** What the router says next, as people at a command line read it. */
const SAID = [
  'Get the consent of the person concerned and call again with approval (--yes on the command line); nothing was sent.',
  'Did you mean close.lead.create? "skillrouter ops <words>" searches all.',
  'Repeat the call, with a longer --timeout if need be; it was not executed.',
  'Ask whoever operates the router ("skillrouter migrate status" shows what was stopped); nothing was sent.',
  'Choose one with --via <backend>:<connection>, or pin it in the configuration (policy.pin).',
  'Repeat the call later; nothing was sent. "skillrouter doctor" shows what each backend answers.',
];

const errorOf = (code: ErrorCode, next: string): ErrorJson => ({
  code,
  message: `close.lead.create / composio / ca_1: it did not work. ${next}`,
  retryable: ERRORS[code].retryable,
  next,
  details: { operation: 'close.lead.create', backend: 'composio' },
});

describe('a failure', () => {
  it.each(
    Object.keys(ERRORS) as ErrorCode[],
  )('%s says what happened once, whether to retry, and what these tools can do about it', (code) => {
    for (const said of SAID) {
      const result = failed(errorOf(code, said));
      const { next, message, retryable } = dataOf(result) as {
        readonly next: string;
        readonly message: string;
        readonly retryable: boolean;
      };
      expect(result.isError).toBe(true);
      expect(message).toBe('close.lead.create / composio / ca_1: it did not work.');
      expect(retryable).toBe(ERRORS[code].retryable);
      expect(next.length).toBeGreaterThan(10);
      expect(next).not.toMatch(/skillrouter |--(?!approve)/);
      expect(textOf(result)).toBe(`error ${code}: ${message}\nnext: ${next}`);
    }
  });

  it('keeps what the router says where it names no command', () => {
    const next = 'Wait 2 s and repeat the call; it was not executed.';
    expect(dataOf(failed(errorOf('rate_limited', next)))['next']).toBe(next);
    expect(dataOf(failed(errorOf('policy_denied', SAID[3] ?? '')))['next']).toBe('Ask whoever operates the router; nothing was sent.');
  });
});
