import type { Failure } from '../../src/contract/adapter.ts';
import { abortFailure } from '../../src/wire/network.ts';
import { orAborted } from './abort.ts';

/** A token from the token endpoint. */
export interface Minted {
  readonly token: string;
  /** Left out: it lasts until it is refused. */
  readonly lifetimeMs?: number;
}

export type Held = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly failure: Failure };
export type Mint = () => Promise<{ readonly ok: true; readonly minted: Minted } | { readonly ok: false; readonly failure: Failure }>;

export interface Tokens {
  /** The held token, or a new one. One request to the token endpoint, however many callers wait for it. */
  get(signal: AbortSignal): Promise<Held>;
  /** It was refused: nobody gets it any more. */
  drop(token: string): void;
}

/** A token is renewed before its end, so that it does not end on the way: a minute before, or a tenth of its life. */
const AHEAD_MS = 60_000;
const AHEAD_SHARE = 0.1;

/** The end is reckoned from when the token came, by our clock alone: what the server's clock shows does not matter. */
export function createTokens(mint: Mint, now: () => Date): Tokens {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  let minting: Promise<Held> | undefined;

  const renew = async (): Promise<Held> => {
    const found = await mint();
    if (!found.ok) return found;
    const { token, lifetimeMs = Number.POSITIVE_INFINITY } = found.minted;
    held = { token, renewAt: now().getTime() + lifetimeMs - Math.min(AHEAD_MS, lifetimeMs * AHEAD_SHARE) };
    return { ok: true, token };
  };
  const share = (): Promise<Held> => {
    minting ??= renew().finally(() => {
      minting = undefined;
    });
    return minting;
  };

  return {
    get: async (signal) => {
      if (signal.aborted) return late(signal);
      if (held && now().getTime() < held.renewAt) return { ok: true, token: held.token };
      return orAborted(share(), signal, () => late(signal));
    },
    drop: (token) => {
      if (held?.token === token) held = undefined;
    },
  };
}

function late(signal: AbortSignal): Held {
  return { ok: false, failure: abortFailure(signal.reason, false) };
}
