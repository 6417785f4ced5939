import type { BackendId } from '../contract/backend.ts';
import type { ExposureReport, MigrationPlan, MigrationStatus, PanicReport } from '../contract/migration.ts';
import { exposure } from './exposure.ts';
import { type CutoverRequest, cutover, type Expecting, finish, rollback, type ShadowRequest, shadow } from './operate.ts';
import { lift, revoke, stop } from './panic.ts';
import type { SwitchingParts } from './parts.ts';
import { type PlanRequest, plan } from './plan.ts';
import { status } from './status.ts';

/** What operators do about backends while calls are running. Each change resolves with what stands then. */
export interface Switching {
  plan(request: PlanRequest): Promise<MigrationPlan>;
  shadow(request: ShadowRequest): Promise<MigrationStatus>;
  cutover(request: CutoverRequest): Promise<MigrationStatus>;
  rollback(): Promise<MigrationStatus>;
  finish(expecting: Expecting): Promise<MigrationStatus>;
  status(): Promise<MigrationStatus>;
  exposure(): Promise<ExposureReport>;
  stop(backend: BackendId): Promise<PanicReport>;
  /** What can be revoked of a backend that was stopped. Not undoable. */
  revoke(report: PanicReport): Promise<PanicReport>;
  lift(backend: BackendId): Promise<PanicReport>;
}

export function createSwitching(parts: SwitchingParts): Switching {
  const thenStatus = async (change: Promise<unknown>): Promise<MigrationStatus> => {
    await change;
    return status(parts);
  };
  return {
    plan: (request) => plan(parts, request),
    shadow: (request) => thenStatus(shadow(parts, request)),
    cutover: (request) => thenStatus(cutover(parts, request)),
    rollback: () => thenStatus(rollback(parts)),
    finish: (expecting) => thenStatus(finish(parts, expecting)),
    status: () => status(parts),
    exposure: () => exposure(parts),
    stop: (backend) => stop(parts, backend),
    revoke: (report) => revoke(parts, report),
    lift: (backend) => lift(parts, backend),
  };
}
