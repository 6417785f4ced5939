import type { Step } from '../known.ts';
import { LEAD_ENDS, LEAD_WRITES } from './lead-writes.ts';
import { ORGANIZATION_WRITES } from './organization-writes.ts';

/** Every write, in an order in which each finds what it needs. */
export const ALL_WRITES: readonly Step[] = [...LEAD_WRITES, ...ORGANIZATION_WRITES, ...LEAD_ENDS];
