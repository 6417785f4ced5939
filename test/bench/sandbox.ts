import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import type { Ready } from '../contract/clients.ts';

/** How a program reaches each backend of the sandbox, by the names that its SDK gives the settings. */
export interface BenchSandbox extends Disposable {
  readonly user: string;
  readonly rest: { readonly url: string; readonly apiKey: string };
  readonly composio: { readonly url: string; readonly apiKey: string; readonly connection: string };
  readonly membrane: Ready;
  readonly scalekit: Ready;
}

/** Starts the sandbox in another process, so that its work is not counted as the client's. */
export async function startSandboxProcess(): Promise<BenchSandbox> {
  const child = fork(fileURLToPath(new URL('./sandbox-process.ts', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [ready]: unknown[] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  const backends = isObject(ready) ? ready['backends'] : undefined;
  const all = (backend: string) => readyOf(isObject(backends) ? backends[backend] : undefined);
  const settings = (backend: string, key: string) => needed(all(backend)[key]);
  return {
    user: needed(stringAt(ready, 'user')),
    rest: { url: settings('rest', 'url'), apiKey: settings('rest', 'apiKey') },
    composio: {
      url: settings('composio', 'url'),
      apiKey: settings('composio', 'apiKey'),
      connection: needed(stringAt(ready, 'connection')),
    },
    membrane: all('membrane'),
    scalekit: all('scalekit'),
    [Symbol.dispose]: () => child.disconnect(),
  };
}

function readyOf(shown: unknown): Ready {
  const texts = isObject(shown)
    ? Object.entries(shown).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))
    : [];
  return { ...Object.fromEntries(texts), url: needed(stringAt(shown, 'url')) };
}

function needed(value: string | undefined): string {
  if (value === undefined) throw new Error('the sandbox did not start');
  return value;
}
