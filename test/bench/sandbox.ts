import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isObject, stringAt } from '../../src/contract/guards.ts';

export interface BenchSandbox extends Disposable {
  readonly user: string;
  readonly rest: { readonly url: string; readonly apiKey: string };
  readonly composio: { readonly url: string; readonly apiKey: string; readonly connection: string };
}

/** Starts the sandbox in another process, so that its work is not counted as the client's. */
export async function startSandboxProcess(): Promise<BenchSandbox> {
  const child = fork(fileURLToPath(new URL('./sandbox-process.ts', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [ready]: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const backends = isObject(ready) ? ready['backends'] : undefined;
  const settings = (backend: string, key: string) => needed(stringAt(isObject(backends) ? backends[backend] : undefined, key));
  return {
    user: needed(stringAt(ready, 'user')),
    rest: { url: settings('rest', 'url'), apiKey: settings('rest', 'apiKey') },
    composio: {
      url: settings('composio', 'url'),
      apiKey: settings('composio', 'apiKey'),
      connection: needed(stringAt(ready, 'connection')),
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}

function needed(value: string | undefined): string {
  if (value === undefined) throw new Error('the sandbox did not start');
  return value;
}
