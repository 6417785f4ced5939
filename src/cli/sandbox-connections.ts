import type { RunningSandbox } from '../app.ts';
import { type ConnectionStatus, STATUSES } from '../contract/connection.ts';
import { RouterError } from '../contract/errors.ts';
import { isStrings } from '../contract/guards.ts';
import { availableBackends } from '../operations.ts';
import type { Values } from './flags.ts';

/** A connection that the sandbox is to have, in whatever state. */
export interface WishedConnection {
  readonly backend: string;
  readonly status: ConnectionStatus;
  /** The backend's own word for it. */
  readonly word?: string;
}

/** A word that no backend has. */
const NEVER_SEEN = 'NEVER_SEEN_BEFORE';

/** Reads `composio=expired`, `scalekit=pending:PENDING_VERIFICATION`, `all=all`. Throws `invalid_input`. */
export function wishedConnections(values: Values): readonly WishedConnection[] {
  const written = isStrings(values['connection']) ? values['connection'] : [];
  return written.flatMap((one) => {
    const [, backend = '', status = '', word] = /^([\w-]+)=([\w-]+)(?::([\w-]{1,60}))?$/.exec(one) ?? [];
    const backends = named(backend, availableBackends());
    const statuses = named(status, STATUSES);
    return backends.flatMap((at) => statuses.map((state) => ({ backend: at, status: state, ...(word === undefined ? {} : { word }) })));
  });
}

function named<Name extends string>(written: string, known: readonly Name[]): readonly Name[] {
  const found = written === 'all' ? known : known.filter((one) => one === written);
  if (found.length > 0) return found;
  throw new RouterError('invalid_input', {
    what: '--connection is written backend=status or backend=status:WORD',
    next: `It takes ${known.join(', ')} or all there; nothing was started.`,
  });
}

/**
 * Gives the sandbox's user these connections. At Close's own API a key is the connection: it has no state, so that anything else than
 * active makes the key a wrong one.
 */
export async function playConnections(sandbox: RunningSandbox, wished: readonly WishedConnection[]): Promise<void> {
  const { user } = sandbox.ready;
  for (const { backend, status, word } of wished) {
    const own = backend === 'rest' ? (await sandbox.connections(backend))[0] : undefined;
    const { id } = own ?? sandbox.connect(backend, user);
    const detail = word ?? (status === 'unknown' ? NEVER_SEEN : undefined);
    sandbox.change(backend, id, { status, ...(detail === undefined ? {} : { detail }) });
  }
}
