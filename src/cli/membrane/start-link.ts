import type { ConnectLink } from '../../contract/connection.ts';
import { isRouterError, RouterError } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import { type MembraneConnection, startedOf } from './shapes.ts';
import type { Session } from './target.ts';

/** Asks one backend after the other for a link; the first link counts, so that no second connection is left half made. */
export async function startLink({ app }: Context, session: Session, backends: readonly string[]): Promise<MembraneConnection> {
  const { router, user } = session;
  const others: { readonly backend: string; readonly how: string }[] = [];
  for (const backend of backends) {
    const link = await linkOf(() => router.connections.connect({ app, user, backend }));
    if ('url' in link && link.url !== undefined) {
      const checked_at = new Date().toISOString();
      const row = { backend, connection: '', app, user, status: 'pending', account: null, checked_at, connect_url: link.url } as const;
      return startedOf(row, link);
    }
    others.push({ backend, how: link.how });
  }
  throw new RouterError('connection_required', {
    what: 'no backend gave a link for the user to open',
    next: others.map(({ backend, how }) => `${backend}: ${how}`).join(' '),
    connect: others,
  });
}

/** The backends to ask, in the order that the policy prefers. */
export function backendsOf({ via }: Context, { config, backends }: Session): readonly string[] {
  const [named] = via?.split(':') ?? [];
  if (named !== undefined) return [named];
  return [...new Set([...config.policy.prefer.filter((backend) => backends.includes(backend)), ...backends])];
}

/** A backend that cannot make a link now says why. */
async function linkOf(ask: () => Promise<ConnectLink>): Promise<ConnectLink> {
  try {
    return await ask();
  } catch (error) {
    if (isRouterError(error)) return { how: `${error.details.what}. ${error.details.next}` };
    throw error;
  }
}
