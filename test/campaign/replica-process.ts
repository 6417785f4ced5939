/** A router in a process of its own. Takes orders from its parent, and ends with it. */
import { openCore } from '../../src/core.ts';
import type { Order, ReplicaSettings } from './replicas.ts';

// Written by replicas.ts.
const { config, settleMs } = JSON.parse(process.argv[2] ?? '{}') as ReplicaSettings;
const core = await openCore(config, { settleMs });
process.on('message', (message) => {
  const { id, order } = message as { readonly id: number; readonly order: Order }; // what replicas.ts sends
  void core.router.run(order.operation, order.input, order.options).then((report) => process.send?.({ id, report }));
});
process.once('disconnect', () => void core.close().finally(() => process.exit()));
