import type { Door, DoorHost } from '../../src/contract/door.ts';
import { ERRORS, RouterError } from '../../src/contract/errors.ts';
import type { CanonicalCall, Outcome } from '../../src/contract/executor.ts';
import type { AppKey } from '../../src/sandbox/backends.ts';
import { type Sandbox, type SandboxOptions, type SandboxWorld, startSandbox } from '../../src/sandbox/start.ts';
import { serve } from '../../src/server/host.ts';

/** An app with one kind of thing, numbered notes, that remembers who wrote each. */
export interface TinyWorld extends SandboxWorld {
  readonly notes: { readonly id: number; readonly by: string }[];
  revoke(key: string): void;
}

export function tinyWorld(): TinyWorld {
  const keys: AppKey[] = ['ada', 'bob'].map((name) => ({
    key: `api_${name}_secret`,
    userId: `user_${name}`,
    organizationId: 'orga_1',
    label: `<Acme> (${name})`,
  }));
  const notes: { readonly id: number; readonly by: string }[] = [];
  let nowMs = Date.parse('2026-11-02T09:00:00.000Z');
  return {
    notes,
    keys: () => keys,
    now: () => nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    snapshot: () => ({ notes }),
    revoke: (key) => {
      keys.splice(
        keys.findIndex((one) => one.key === key),
        1,
      );
    },
    run: (call, { key }) =>
      runNote(
        call,
        keys.find((one) => one.key === key),
        notes,
      ),
  };
}

function runNote(
  { operation, input }: CanonicalCall,
  actor: AppKey | undefined,
  notes: { readonly id: number; readonly by: string }[],
): Outcome {
  if (!actor) return { ok: false, error: new RouterError('unauthenticated', { what: 'the key is unknown', next: 'Use another.' }) };
  if (operation === 'close.note.list') return { ok: true, data: { data: notes } };
  const note = { id: notes.length + 1, by: actor.userId, ...input };
  notes.push(note);
  return { ok: true, data: note };
}

/** The simplest wire there is: POST /run with the call, the credential in a header. */
export const tinyDoor =
  (backend: string) =>
  (host: DoorHost): Door => ({
    backend,
    fetch: async (request) => {
      const caller = host.authenticate(request.headers.get('x-key') ?? '');
      if (!caller) return Response.json({ code: 'unauthenticated' }, { status: 401 });
      const body = (await request.json()) as { user?: string; connection?: string; operation: string; input?: object };
      const connection = caller.connection ?? body.connection;
      const outcome = await host.executor.run(
        { operation: body.operation, input: { ...body.input } },
        { user: caller.user ?? body.user ?? '', ...(connection === undefined ? {} : { connection }), signal: request.signal },
      );
      if (outcome.ok) return Response.json(outcome.data);
      return Response.json(outcome.error.toJSON(), { status: ERRORS[outcome.error.code].http });
    },
  });

export async function startTiny(
  options: Partial<SandboxOptions<TinyWorld>> = {},
): Promise<Sandbox<TinyWorld> & { run(backend: string, body: object, key?: string): Promise<Response> }> {
  const doors = Object.fromEntries(['rest', 'composio', 'membrane', 'scalekit'].map((backend) => [backend, tinyDoor(backend)]));
  const sandbox = await startSandbox({ world: tinyWorld(), serve, doors, ...options });
  const credential = (backend: string): string => {
    const shown = sandbox.ready.backends[backend];
    return shown?.['apiKey'] ?? `${shown?.['clientId']}:${shown?.['clientSecret']}`;
  };
  return {
    ...sandbox,
    [Symbol.asyncDispose]: () => sandbox.close(),
    run: (backend, body, key = credential(backend)) =>
      fetch(`${sandbox.ready.backends[backend]?.url}/run`, { method: 'POST', headers: { 'x-key': key }, body: JSON.stringify(body) }),
  };
}
