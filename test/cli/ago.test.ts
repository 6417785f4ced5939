import { expect, it } from 'vitest';
import { ago } from '../../src/cli/ago.ts';

const NOW = new Date('2026-03-02T09:00:00.000Z');

it.each([
  { at: '2026-03-02T09:00:05.000Z', says: 'now' },
  { at: '2026-03-02T08:59:59.500Z', says: 'now' },
  { at: '2026-03-02T08:59:48.000Z', says: '12 s ago' },
  { at: '2026-03-02T08:56:01.000Z', says: '3 min ago' },
  { at: '2026-03-02T07:00:00.000Z', says: '2 h ago' },
  { at: '2026-03-01T09:00:00.000Z', says: '1 day ago' },
  { at: '2026-02-20T09:00:00.000Z', says: '10 days ago' },
])('$at is $says for a person', ({ at, says }) => {
  expect(ago(at, NOW)).toBe(says);
});
