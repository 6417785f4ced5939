/** Puts together what `drift` needs, from a router that is open. */
import { BACKENDS } from '../adapters/index.ts';
import { identityOf } from './config/config.ts';
import type { DriftReport } from './contract/drift.ts';
import { RouterError } from './contract/errors.ts';
import type { Core } from './core.ts';
import { checkDrift, type DriftRequest } from './drift/check.ts';
import { patchOf } from './drift/patch.ts';

/** What the configured backends list now, against the bindings, and cells that would fit again, as YAML. A backend that was stopped is not asked. Throws `invalid_input`. */
export async function driftOf(
  { apps, behind, config }: Pick<Core, 'apps' | 'behind' | 'config'>,
  { app: name, adopt, ...request }: DriftRequest & { readonly app: string; readonly adopt: boolean },
): Promise<{ readonly report: DriftReport; readonly patch: string | undefined }> {
  const app = apps.find(({ id }) => id === name);
  if (!app) throw new RouterError('invalid_input', { what: 'that app is not known', next: 'Correct --app; nothing was asked.' });
  const adapters = [...behind.adapters.values()];
  const stranger = request.backends?.find((one) => !behind.adapters.has(one));
  if (stranger !== undefined) {
    const known = adapters.map(({ backend }) => backend).join(', ');
    throw new RouterError('invalid_input', {
      what: '--backends names one that is not configured',
      next: `There are ${known}; nothing was asked.`,
    });
  }
  const published = new Map(Object.entries(BACKENDS));
  const parts = {
    app,
    adapters: adapters.map((adapter) => behind.follower.gate(adapter)),
    bindings: behind.bindings,
    published: async (backend: string) => (await published.get(backend)?.tools()) ?? [],
    identity: (user: string, backend: string) => identityOf(config, user, backend),
  };
  const report = await checkDrift(parts, request);
  return { report, patch: patchOf(report, { adopt }) };
}
