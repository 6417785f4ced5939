import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { closeBinding } from '../../adapters/rest/close.generated.ts';
import { createRestDoor } from '../../adapters/rest/door.ts';
import type { RateLimitDialect } from '../../adapters/rest/rate-limit.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import type { Door, DoorHost } from '../../src/contract/door.ts';
import type { CallContext, CanonicalCall, Outcome } from '../../src/contract/executor.ts';

export const KEY = 'api_2adasOwnKey.forTests';

export interface Stage {
  readonly door: Door;
  /** What reached the executor, newest last. */
  readonly calls: readonly (CanonicalCall & { readonly context: CallContext })[];
}

/** Close's door in front of an executor that answers what the test says. */
export function stage(answer: (call: CanonicalCall) => Outcome, dialect?: RateLimitDialect): Stage {
  const calls: (CanonicalCall & { readonly context: CallContext })[] = [];
  const host: DoorHost = {
    executor: {
      run: async (call, context) => {
        calls.push({ ...call, context });
        return answer(call);
      },
    },
    directory: { list: async () => [], connect: () => Promise.reject(new Error('not here')), change: async () => undefined },
    authenticate: (credential) => callers.get(credential),
    now: () => new Date('2026-03-02T14:05:11Z'),
    url: () => 'http://door.example/close',
  };
  return { door: createRestDoor({ app: closeApp, binding: closeBinding, ...(dialect ? { dialect } : {}) })(host), calls };
}

const callers = new Map([
  [KEY, { user: 'ada', connection: 'key_ada' }],
  ['oauth-token', { user: 'ada' }],
  ['project-key', {}],
]);

/** Serves a door on a free loopback port. */
export async function served(door: Door): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(getRequestListener((request) => door.fetch(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has this kind of address
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
