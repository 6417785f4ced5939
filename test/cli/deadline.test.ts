import { expect, it } from 'vitest';
import { within } from '../../src/cli/deadline.ts';

it('hands on what was done in time', async () => {
  expect(await within(60_000, Promise.resolve('done'))).toBe('done');
  await expect(within(60_000, Promise.reject(new Error('its own')))).rejects.toThrow('its own');
});

it('does not wait for what never ends', async () => {
  await expect(within(1, new Promise(() => undefined))).rejects.toMatchObject({ code: 'timeout', exitCode: 5 });
});
