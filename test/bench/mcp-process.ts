/** `skillrouter mcp --http` over one backend, in a process of its own. Takes a configuration, says where it is, ends with its parent. */
import { once } from 'node:events';
import type { Config } from '../../src/config/config.ts';
import { openCore } from '../../src/core.ts';
import { openMcpHttp } from '../../src/mcp/open.ts';
import { serve } from '../../src/server/host.ts';

const [config] = (await once(process, 'message')) as [Config];
const core = await openCore(config);
const mcp = { operations: [], scope: {}, allowedHosts: [], keys: [], requestsPerMinute: 100_000_000 };
const ears = { onFault: console.error, onRefusal: console.error };
const address = { host: '127.0.0.1', port: 0 };
const { url } = await openMcpHttp(serve, { ...core, user: config.defaultUser, mcp }, { ...ears, address, open: true });
process.send?.({ url });
process.once('disconnect', () => process.exit());
