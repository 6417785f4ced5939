/** The router's figures against its peers in the same run: `npm run bench [-- --json <file>]`. Nothing passes or fails by them. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { callFigures } from './calls.ts';
import { decisionFigures } from './decision.ts';
import { type Figure, table } from './figure.ts';
import { journalFigures } from './journal.ts';
import { mcpFigures } from './mcp.ts';
import { startSandboxProcess } from './sandbox.ts';
import { skillFigures } from './skills.ts';
import { startFigures } from './start.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });

using sandbox = await startSandboxProcess();
const figures: Figure[] = [];
const onSandbox = [callFigures, startFigures, mcpFigures].map((measure) => () => measure(sandbox));
for (const measure of [decisionFigures, journalFigures, ...onSandbox, skillFigures]) {
  const found = await measure();
  figures.push(...found);
  console.error(found.map(({ what }) => `measured: ${what}`).join('\n'));
}
console.log(table(figures));

if (values.json !== undefined) {
  const machine = { node: process.version, platform: process.platform, cpu: cpus()[0]?.model, cores: availableParallelism() };
  writeFileSync(values.json, `${JSON.stringify({ machine, figures }, null, 2)}\n`);
}
