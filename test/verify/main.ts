/** `npm run defects`: what share of seeded binding defects verify catches on the sandbox; every one that it does not is named. */
import { parseArgs } from 'node:util';

// A proxy variable would send the vendors' SDKs, and with them loopback traffic, to another machine.
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) for (const one of [name, name.toLowerCase()]) delete process.env[one];

const [{ BACKENDS }, { defectsOf, DETOURS, sample }, { caught, nameOf }] = await Promise.all([
  import('../../adapters/index.ts'),
  import('./defects.ts'),
  import('./catching.ts'),
]);

const { values } = parseArgs({ options: { 'per-kind': { type: 'string', default: '8' }, verbose: { type: 'boolean', default: false } } });
const bindings = (await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()))).flat();
const all = defectsOf(bindings);
const chosen = sample(all, Number(values['per-kind']));
const counts = new Map<string, { seeded: number; caught: number }>();
for (const defect of chosen) {
  const { says } = await caught(defect);
  const count = counts.get(defect.kind) ?? { seeded: 0, caught: 0 };
  counts.set(defect.kind, { seeded: count.seeded + 1, caught: count.caught + (says === undefined ? 0 : 1) });
  if (says === undefined) console.log(`not caught  ${nameOf(defect)}`);
  else if (values.verbose) console.log(`caught  ${nameOf(defect)}: ${says}`);
}
for (const [kind, count] of counts) console.log(`${count.caught} of ${count.seeded}  ${kind}`);
const counted = [...counts].filter(([kind]) => !DETOURS.has(kind)).map(([, count]) => count);
const [found, seeded] = [counted.reduce((sum, one) => sum + one.caught, 0), counted.reduce((sum, one) => sum + one.seeded, 0)];
console.log(
  `\n${found} of ${seeded} caught, ${((100 * found) / seeded).toFixed(1)} %; ${all.length} can be seeded. Not counted: ${[...DETOURS].join(', ')}`,
);
