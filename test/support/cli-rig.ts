import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ran, runCli, startCli } from './cli.ts';

type Backend = Readonly<Record<string, string>>;

/** A sandbox that runs on between commands, and a folder whose configuration leads to it. */
export interface Rig extends AsyncDisposable {
  readonly url: string;
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, without waiting for its end. */
  start(...args: readonly string[]): ReturnType<typeof startCli>;
  /** Sets what goes wrong on the wire, see src/sandbox/faults.ts. */
  fault(fault: object): Promise<void>;
  /** Nothing goes wrong any more. */
  calm(): Promise<void>;
  /** Flips a connection, as time or its backend would. */
  change(backend: string, id: string, status: string): Promise<void>;
  /** Everything that reached the wire, as `METHOD path`. */
  requests(backend?: string): Promise<readonly string[]>;
}

/** Starts `skillrouter sandbox` as a user does. `ada` is connected over Composio, Membrane and with a key of her own; nobody else is. */
export async function startRig(folder: string): Promise<Rig> {
  const child = startCli(['sandbox', '--port', '0', '--json'], { cwd: folder });
  const line = await new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('close', () => reject(new Error('the sandbox ended')));
    child.stdout.setEncoding('utf8').once('data', resolve);
  });
  const {
    composio = {},
    membrane = {},
    rest = {},
  } = (JSON.parse(line) as { readonly backends: Readonly<Record<string, Backend>> }).backends;
  writeFileSync(join(folder, 'skillrouter.yaml'), configuration({ composio, membrane, rest }));
  const { origin } = new URL(rest['url'] ?? '');
  const control = `${origin}/__sandbox`;
  const env = {
    COMPOSIO_KEY: composio['apiKey'] ?? '',
    MEMBRANE_SECRET: membrane['workspaceSecret'] ?? '',
    ADA_KEY: rest['apiKey'] ?? '',
  };
  return {
    url: origin,
    run: (...args) => runCli(args, { cwd: folder, env }),
    start: (...args) => startCli(args, { cwd: folder, env }),
    fault: async (fault) => {
      const headers = { 'content-type': 'application/json' };
      const { ok } = await fetch(`${control}/faults`, { method: 'POST', headers, body: JSON.stringify(fault) });
      if (!ok) throw new Error('the sandbox does not take this fault');
    },
    calm: async () => void (await fetch(`${control}/faults`, { method: 'DELETE' })),
    change: async (backend, id, status) => {
      const body = JSON.stringify({ status });
      const headers = { 'content-type': 'application/json' };
      const { ok } = await fetch(`${control}/connections/${backend}/${id}`, { method: 'POST', headers, body });
      if (!ok) throw new Error(`the sandbox does not know ${backend} ${id}`);
    },
    requests: async (backend) => {
      const answer = await fetch(`${control}/requests${backend === undefined ? '' : `?backend=${backend}`}`);
      const { requests } = (await answer.json()) as { readonly requests: readonly { readonly method: string; readonly path: string }[] };
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function configuration({ composio, membrane, rest }: Readonly<Record<'composio' | 'membrane' | 'rest', Backend>>): string {
  return `backends:
  composio: { api_key: \${COMPOSIO_KEY}, base_url: ${composio['url']} }
  membrane: { workspace_key: ${membrane['workspaceKey']}, workspace_secret: \${MEMBRANE_SECRET}, base_url: ${membrane['url']} }
  rest: { base_url: ${rest['url']} }
users:
  ada: { rest: { api_key: \${ADA_KEY} } }
default_user: ada
policy: { prefer: [composio, membrane, rest] }
store: ./journal.db
`;
}
