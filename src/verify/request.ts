import type { App } from '../contract/app.ts';
import type { BackendId } from '../contract/backend.ts';
import type { Binding } from '../contract/binding.ts';
import type { VerificationPlan } from '../contract/verification.ts';
import type { CallerParts } from './caller.ts';

export interface VerifyRequest {
  readonly mode: VerificationPlan['mode'];
  /** Patterns of operations; none: all. */
  readonly operations: readonly string[];
  /** The reference first. */
  readonly backends: readonly BackendId[];
  readonly writes: boolean;
  /** Whether the script is the one for an account that others work with: it is when a recording of one is replayed. */
  readonly careful: boolean;
  /** Names the run, and what it makes. */
  readonly run: string;
}

export interface VerifyParts extends Omit<CallerParts, 'app'> {
  readonly app: App;
  readonly bindings: readonly Binding[];
  readonly onProgress?: (operation: string, backend: BackendId) => void;
}
