import { openVerification, type VerificationWish } from '../../src/app.ts';
import type { Verification } from '../../src/contract/verification.ts';

const TARGET = { app: 'close', config: undefined, user: undefined, sandbox: true } as const;

/** Runs `verify --sandbox` in process. */
export async function verified(wish: Partial<VerificationWish> = {}): Promise<Verification> {
  await using verifying = await openVerification(TARGET, wishOf(wish));
  return await verifying.run(); // awaited here: the session is closed when this returns
}

export function wishOf(wish: Partial<VerificationWish>): VerificationWish {
  return {
    mode: 'sandbox',
    operations: [],
    backends: [],
    writes: false,
    maxRequests: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    ...wish,
  };
}
