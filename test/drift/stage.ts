import type { BackendDrift, DriftReport } from '../../src/contract/drift.ts';
import { type Core, openCore } from '../../src/core.ts';
import { driftOf } from '../../src/drift.ts';
import { type Sandbox, sandboxBackends, startSandbox } from '../../src/sandbox.ts';

/** A sandbox with these tool sets, and a router that leads into it. */
export interface Stage extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly core: Core;
  drift(request?: { readonly backends?: readonly string[]; readonly version?: string; readonly adopt?: boolean }): Promise<Drifted>;
}

export interface Drifted {
  readonly report: DriftReport;
  readonly patch: string | undefined;
}

/** `proposed`: what a drift has proposed, as a program takes it. */
export async function openStage(toolSets: Readonly<Record<string, string>> = {}, proposed: readonly BackendDrift[] = []): Promise<Stage> {
  const sandbox = await startSandbox({ toolSets });
  const { backends, users } = sandboxBackends(sandbox.ready);
  const policy = { prefer: [], pin: {}, deny: [], ask: [], account: 'user' } as const;
  const bindings = proposed.map(({ backend, proposals }) => ({
    backend,
    app: 'close',
    cells: Object.fromEntries(proposals.map(({ operation, cell }) => [operation, cell])),
  }));
  const core = await openCore({ backends, users, defaultUser: 'ada', policy, store: ':memory:' }, { bindings });
  return {
    sandbox,
    core,
    drift: ({ adopt = false, ...request } = {}) =>
      driftOf(core, { app: 'close', user: 'ada', adopt, signal: AbortSignal.timeout(60_000), ...request }),
    [Symbol.asyncDispose]: async () => {
      await core.close();
      await sandbox.close();
    },
  };
}
