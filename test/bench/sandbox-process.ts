/** The far side of the bench, in a process of its own: a Close without rate limits behind its doors. Says when it is ready, ends with its parent. */
import { BACKENDS } from '../../adapters/index.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { createWorld } from '../../src/sandbox/world.ts';
import { serve } from '../../src/server/host.ts';
import { USER } from '../contract/clients.ts';

const doors = await Promise.all(Object.entries(BACKENDS).map(async ([name, { door }]) => [name, await door({ app: closeApp })] as const));
const sandbox = await startSandbox({
  world: createWorld({ data: 'demo', switches: { rateLimits: false } }),
  doors: Object.fromEntries(doors),
  // Whom the vendors' clients of the contract tests act for.
  user: USER,
  serve,
});
const [connection] = await sandbox.connections('composio');
process.send?.({ ...sandbox.ready, connection: connection?.id });
process.once('disconnect', () => process.exit());
