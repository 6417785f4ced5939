import type { Failure } from '../../src/contract/adapter.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import { type Answered, isMembraneError } from './errors.ts';
import type { Asked, Client, Question, Wire } from './wire.ts';

/** More tenants than that are forgotten, the oldest first, and get a new token. */
const MOST_TENANTS = 1000;

export interface Tenants {
  ask(user: string, question: Question, signal: AbortSignal): Promise<Asked>;
  /** Asks once, whatever the answer; `renewed` then tells whether the tenant's token was changed since. */
  askOnce(user: string, question: Question, signal: AbortSignal): Promise<{ readonly asked: Asked; readonly renewed: () => boolean }>;
}

/**
 * One client, and so one token, per user. A token that Membrane no longer takes, because clocks differ or it was withdrawn, is made
 * anew once. Membrane refuses a token before it does anything, so that its own refusal lets anything be sent again; a 401 without
 * its words may come from elsewhere, after the work was done, and lets only a read.
 */
export function createTenants(wire: Wire): Tenants {
  const clients = new Map<string, Promise<Client>>();

  const clientOf = (user: string): Promise<Client> => {
    const found = clients.get(user);
    if (found) return found;
    const [oldest] = clients.keys();
    if (clients.size >= MOST_TENANTS && oldest !== undefined) clients.delete(oldest);
    const made = wire.client(user);
    clients.set(user, made);
    made.catch(() => clients.delete(user));
    return made;
  };

  const forget = (user: string, client: Promise<Client>): void => {
    if (clients.get(user) === client) clients.delete(user);
  };

  return {
    ask: async (user, question, signal) => {
      const refused = unfit(user);
      if (refused) return refused;
      try {
        const held = clientOf(user);
        const client = await held;
        const isUsed = client.token !== undefined;
        const asked = await wire.send(client, question, signal);
        if (!asked.ok || !isRejectedToken(asked.answer)) return asked;
        forget(user, held);
        const mayRepeat = question.method === 'GET' || isMembraneError(asked.answer.body);
        return isUsed && mayRepeat ? await wire.send(await clientOf(user), question, signal) : asked;
      } catch (error) {
        return beforeSending(error);
      }
    },
    askOnce: async (user, question, signal) => {
      const refused = unfit(user);
      if (refused) return { asked: refused, renewed: () => false };
      const held = clientOf(user);
      try {
        const asked = await wire.send(await held, question, signal);
        if (asked.ok && asked.answer.status === 401 && asked.answer.body === undefined) forget(user, held);
        return { asked, renewed: () => clients.get(user) !== held };
      } catch (error) {
        return { asked: beforeSending(error), renewed: () => false };
      }
    },
  };
}

function isRejectedToken({ status, body }: Answered): boolean {
  return status === 401 && (body === undefined || (isMembraneError(body) && body['key'] === 'not_authenticated'));
}

/** A token without tenant is an administrator's, and broken text would become another tenant's name. */
function unfit(user: string): Asked | undefined {
  if (user !== '' && user.isWellFormed()) return undefined;
  return { ok: false, failure: unsent('invalid_input', 'the user id is empty or no valid text') };
}

/** Only making a client throws: nothing was sent. */
function beforeSending(error: unknown): Asked {
  if (!isRouterError(error)) throw error;
  return { ok: false, failure: unsent(error.code, error.details.what) };
}

function unsent(code: Failure['code'], what: string): Failure {
  return { code, delivery: 'not-sent', what, origin: 'backend' };
}
