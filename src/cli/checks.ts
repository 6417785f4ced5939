import { loadConfig, openSession, type Session, type Target } from '../app.ts';
import { type ErrorCode, isRouterError } from '../contract/errors.ts';
import { counted } from './table.ts';

/** One thing that `doctor` looked at. With a `code` calls cannot go on; a `warning` leaves them another way. */
export interface Check {
  readonly name: string;
  readonly detail: string;
  readonly warning?: boolean;
  readonly code?: ErrorCode;
  readonly next?: string;
}

/** Looks at everything a call needs, from the inside out. Sends reads only: the backends' lists, and the app's "who am I". */
export async function examine(target: Target): Promise<readonly Check[]> {
  const checks: Check[] = [{ name: 'node', detail: process.versions.node }];
  const config = target.sandbox ? await attempt('configuration', async () => 'sandbox') : await checkConfig(target);
  checks.push(config);
  if (config.code) return checks;
  await using session = await openSession(target);
  checks.push(await checkJournal(session), ...(await checkConnections(session, target)));
  return checks;
}

async function checkConfig(target: Target): Promise<Check> {
  return attempt('configuration', async () => {
    const { file = '', backends, defaultUser } = await loadConfig(target);
    return `${file}: ${Object.keys(backends).join(', ')}; user ${target.user ?? defaultUser}; every variable it refers to is set`;
  });
}

async function checkJournal({ journal }: Session): Promise<Check> {
  return attempt('journal', async () => {
    await journal.open();
    return `${journal.path} can be written`;
  });
}

async function checkConnections({ router, user, backends }: Session, { app }: Target): Promise<readonly Check[]> {
  const { connections, unreachable } = await router.connections.check({ app, user });
  const reached = backends.map((backend): Check => {
    const problem = unreachable.find((one) => one.backend === backend);
    if (problem) return { name: `backend ${backend}`, detail: problem.message, code: 'backend_unavailable' };
    const own = connections.filter((one) => one.backend === backend);
    return { name: `backend ${backend}`, detail: `${counted(own.length, 'connection')} of ${user}` };
  });
  const each = connections.map(({ backend, connection, status, account, detail }): Check => {
    const name = `connection ${backend} ${connection}`;
    const text = [status, account, detail].filter(Boolean).join(', ');
    return { name, detail: text, ...(status === 'active' ? {} : { warning: true }) };
  });
  return [...reached, ...each, usable(connections.filter(({ status }) => status === 'active').length, user)];
}

function usable(active: number, user: string): Check {
  if (active > 0) return { name: 'usable', detail: `${counted(active, 'ACTIVE connection')} of ${user}` };
  const next = 'Run "skillrouter connections connect".';
  return { name: 'usable', detail: `${user} has no ACTIVE connection. ${next}`, code: 'connection_required', next };
}

async function attempt(name: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { name, detail: await work() };
  } catch (error) {
    if (!isRouterError(error)) throw error;
    return { name, detail: error.message, code: error.code, next: error.details.next };
  }
}
