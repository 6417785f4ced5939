/** The composition root of the command line: reads environment and configuration, and puts the rooms together. */
import { hostname, tmpdir, userInfo } from 'node:os';
import type { Bulk } from './bulk/bulk.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { sandboxStore } from './config/sandbox-store.ts';
import type { WriteOptions, Written } from './config/write.ts';
import type { DriftReport } from './contract/drift.ts';
import type { Core, Extensions } from './core.ts';
import type { SharedJournal } from './journal/journal.ts';
import type { Switching } from './migrate/switching.ts';
import { appNamed, availableBackends, operationNames } from './operations.ts';
import type { Policy } from './router/router.ts';
import type { Sandbox, SandboxSettings } from './sandbox.ts';
import type { SkillBench } from './skills.ts';
import type { VerificationWish, Verifying } from './verifying.ts';

/** What a command works on. */
export interface Target {
  readonly app: string;
  /** The configuration's file, when the user named one. */
  readonly config: string | undefined;
  readonly user: string | undefined;
  readonly sandbox: boolean;
}

/** A router with the user it works for. */
export interface Session extends AsyncDisposable, Pick<Core, 'apps' | 'router' | 'behind' | 'journal' | 'config'> {
  readonly user: string;
  readonly backends: readonly string[];
  /** Present with --sandbox. */
  readonly sandbox?: Sandbox;
}

export type { Sandbox as RunningSandbox, SandboxSettings } from './sandbox.ts';

export type { SkillBench, Switching, VerificationWish, Verifying };

/** The process's environment; nothing else reads it. */
export function environment(): Environment {
  return process.env;
}

/** The configuration of a target. Throws `configuration`. */
export async function loadConfig({ app, config }: Target, values: Environment = environment()): Promise<Config> {
  const { readConfig } = await import('./config/read.ts');
  return readConfig({ path: config, folder: process.cwd(), environment: values, operations: operationNames(app) });
}

export async function writeConfig(wishes: Omit<WriteOptions, 'folder' | 'environment'>): Promise<Written> {
  const { writeConfig: write } = await import('./config/write.ts');
  return write({ ...wishes, folder: process.cwd(), environment: environment() });
}

/** A router over the configured backends, or with --sandbox over a Close in memory. Nothing is sent yet. */
export async function openSession(target: Target, options: SessionSettings = {}): Promise<Session> {
  appNamed(target.app);
  if (target.sandbox) return openSandboxSession(target, options);
  const [config, { openCore }] = await Promise.all([loadConfig(target), import('./core.ts')]);
  return sessionOf(await openCore(config, rewired(options)), target.user ?? config.defaultUser, []);
}

/** The journal alone. */
export async function openLog(target: Target): Promise<SharedJournal & AsyncDisposable> {
  const { openJournal } = await import('./journal/journal.ts');
  const journal = openJournal({ path: target.sandbox ? sandboxStore(process.cwd()) : (await loadConfig(target)).store });
  return Object.assign(journal, { [Symbol.asyncDispose]: () => journal.close() });
}

export interface SessionSettings extends SandboxSettings {
  /** Where a session on the sandbox keeps its journal. */
  readonly store?: string;
  /** The order of backends, unless a configuration has a policy. */
  readonly prefer?: readonly string[];
  /** Stands between the router and its backends. */
  readonly rewire?: Extensions['rewire'];
}

function rewired({ rewire }: SessionSettings): Extensions {
  return rewire ? { rewire } : {};
}

/** A Close in memory behind the door of every backend, on one loopback port. */
export async function openSandbox(settings: SandboxSettings = {}): Promise<Sandbox> {
  const { startSandbox } = await import('./sandbox.ts');
  return startSandbox(settings);
}

/** What operators do about the backends of a session, in the name of whoever runs this process. */
export async function openSwitching(session: Session, app: string): Promise<Switching> {
  const { openSwitching: open } = await import('./switching.ts');
  return open(session, { app, operator: `${userName()} on ${hostname()}` });
}

/** Backends held against each other: plans now, sends nothing before it is run. Opens a session of its own. Throws `configuration`. */
export async function openVerification(target: Target, wish: VerificationWish): Promise<Verifying> {
  const { openVerifying } = await import('./verifying.ts');
  return openVerifying({ app: appNamed(target.app), open: (settings) => openSession(target, settings) }, wish);
}

/** What the configured backends list now against the bindings, and cells that would fit again, as YAML. Throws `invalid_input`. */
export async function openDrift(
  session: Session,
  asked: { readonly app: string; readonly adopt: boolean; readonly backends?: readonly string[]; readonly version?: string },
): Promise<{ readonly report: DriftReport; readonly patch: string | undefined }> {
  const { driftOf } = await import('./drift.ts');
  return driftOf(session, { ...asked, user: session.user, signal: AbortSignal.timeout(DRIFT_TIMEOUT_MS) });
}

/** Hundreds of tools, page by page. */
const DRIFT_TIMEOUT_MS = 60_000;

/** A container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

/** Bulk runs of a session. Copies of stdin stay in the system's temporary folder until their run is done. */
export async function openBulk(session: Session): Promise<Bulk> {
  const { openBulk: open } = await import('./core.ts');
  return open(session, { folder: process.cwd(), spoolFolder: tmpdir() });
}

/** Reading, checking and writing skills. Nothing is sent, and no secret is needed. */
export async function openSkills(target: Target): Promise<SkillBench> {
  const [{ openBench }, { packageVersion }] = await Promise.all([import('./skills.ts'), import('./contract/package.ts')]);
  const [app, folder, version] = [appNamed(target.app), process.cwd(), packageVersion()];
  return openBench({ app, folder, version, backends: await backendsAtHand(target) });
}

/** The configured backends; without a configuration, and in the sandbox, all there are. */
async function backendsAtHand(target: Target): Promise<readonly string[]> {
  const { findConfig } = await import('./config/read.ts');
  const isConfigured = !target.sandbox && findConfig({ path: target.config, folder: process.cwd() }) !== undefined;
  return isConfigured ? Object.keys((await loadConfig(target, NO_SECRETS)).backends) : availableBackends();
}

async function openSandboxSession(target: Target, settings: SessionSettings): Promise<Session> {
  const [{ openCore }, { sandboxBackends, startSandbox }, named] = await Promise.all([
    import('./core.ts'),
    import('./sandbox.ts'),
    policyFor(target),
  ]);
  const user = settings.user ?? named?.defaultUser ?? 'ada';
  const sandbox = await startSandbox({ ...settings, user });
  const { backends, users } = sandboxBackends(sandbox.ready);
  const policy = named?.policy ?? { ...PLAIN_POLICY, prefer: settings.prefer ?? PLAIN_POLICY.prefer };
  try {
    const mcp = named?.mcp ? { mcp: { operations: [], allowedHosts: [], keys: [], scope: named.mcp.scope } } : {};
    const config = { backends, users, defaultUser: user, policy, store: settings.store ?? sandboxStore(process.cwd()), ...mcp };
    const core = await openCore(config, { settleMs: SANDBOX_SETTLE_MS, ...rewired(settings) });
    return { ...sessionOf(core, target.user ?? user, [() => sandbox.close()]), sandbox };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

/** The sandbox's lists show a write at once, unless they were told to lag. */
const SANDBOX_SETTLE_MS = 1000;

const PLAIN_POLICY: Policy = { prefer: ['composio', 'membrane', 'scalekit', 'rest'], pin: {}, deny: [], ask: [], account: 'user' };

/** With --sandbox a configuration is read only when the user named one, and only what it forbids counts: no secret of it is needed. */
async function policyFor(target: Target): Promise<Config | undefined> {
  if (target.config === undefined) return undefined;
  return loadConfig(target, NO_SECRETS);
}

const NO_SECRETS: Environment = new Proxy<Environment>({}, { get: () => 'unused' });

function sessionOf(core: Core, user: string, after: readonly (() => Promise<void>)[]): Session {
  const { apps, router, behind, journal, config } = core;
  const close = async (): Promise<void> => {
    await core.close();
    for (const end of after) await end();
  };
  return { apps, router, behind, journal, config, user, backends: Object.keys(config.backends), [Symbol.asyncDispose]: close };
}
