/** The composition root of the command line: reads environment and configuration, and puts the rooms together. */
import { hostname, tmpdir, userInfo } from 'node:os';
import { BACKENDS } from '../adapters/index.ts';
import type { ActionName } from './binding/actions.ts';
import type { ForeignRequest } from './binding/match.ts';
import type { AppAnswer } from './binding/request.ts';
import type { Bulk } from './bulk/bulk.ts';
import { closeApp } from './catalog/close/index.ts';
import type { OperationLine, OperationPage } from './catalog/describe.ts';
import type { FieldRow } from './catalog/field-rows.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/environment.ts';
import { sandboxStore } from './config/sandbox-store.ts';
import type { WriteOptions, Written } from './config/write.ts';
import { type App, isIntent } from './contract/app.ts';
import type { Binding, Cell } from './contract/binding.ts';
import type { DriftReport } from './contract/drift.ts';
import { RouterError } from './contract/errors.ts';
import type { CanonicalCall } from './contract/executor.ts';
import { isObject, type JsonObject } from './contract/guards.ts';
import type { Intent, Operation } from './contract/operation.ts';
import type { RunReport } from './contract/receipt.ts';
import type { Core, Extensions } from './core.ts';
import type { SharedJournal } from './journal/journal.ts';
import type { McpEars, McpHttp, McpHttpOptions, McpSource, McpStdioOptions } from './mcp/open.ts';
import type { Switching } from './migrate/switching.ts';
import type { Coverage, Policy } from './router/router.ts';
import type { Sandbox, SandboxSettings } from './sandbox.ts';
import type { RouterHostParts } from './server/router-host.ts';
import type { Serving, ServingAddress } from './server/serving.ts';
import type { SkillBench } from './skills.ts';
import type { VerificationWish, Verifying } from './verifying.ts';

const APPS: readonly App[] = [closeApp];

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

export type { Serving, SkillBench, Switching, VerificationWish, Verifying };

/** The process's environment; nothing else reads it. */
export function environment(): Environment {
  return process.env;
}

export function availableBackends(): readonly string[] {
  return Object.keys(BACKENDS);
}

export function operationNames(app: string): readonly string[] {
  return appNamed(app).ids;
}

export async function listOperations(app: string): Promise<readonly OperationLine[]> {
  const { linesOf } = await import('./catalog/describe.ts');
  return linesOf(appNamed(app));
}

export async function searchOperations(app: string, query: string): Promise<readonly OperationLine[]> {
  const { searchOperations: search } = await import('./catalog/search.ts');
  return search(appNamed(app), query);
}

/** Everything about one operation, its cell in every binding included. Throws `unknown_operation`. */
export async function showOperation(
  app: string,
  name: string,
): Promise<OperationPage & { readonly bindings: Readonly<Record<string, Cell>> }> {
  const [{ pageOf }, entry, bindings] = await Promise.all([import('./catalog/describe.ts'), entryNamed(app, name), allBindings(app)]);
  const operation = isIntent(entry) ? entry.operation : entry.id;
  const cells = bindings.flatMap(({ backend, cells }) => {
    const cell = cells[operation];
    return cell ? [[backend, cell] as const] : [];
  });
  return { ...pageOf(entry), bindings: Object.fromEntries(cells) };
}

/** An operation's input fields, parents before their parts. */
export async function inputFields(page: Pick<OperationPage, 'input'>): Promise<readonly FieldRow[]> {
  const { fieldRows } = await import('./catalog/field-rows.ts');
  return fieldRows(page.input);
}

/** The JSON Schema of an operation's input; no binding is loaded for it. Throws `unknown_operation`. */
export async function inputSchema(app: string, name: string): Promise<OperationPage['input']> {
  const [{ pageOf }, entry] = await Promise.all([import('./catalog/describe.ts'), entryNamed(app, name)]);
  return pageOf(entry).input;
}

/** The names of an operation's input fields. */
export async function fieldNames(app: string, name: string): Promise<readonly string[]> {
  const input = await inputSchema(app, name);
  return isObject(input['properties']) ? Object.keys(input['properties']) : [];
}

/** Every operation on every backend that this version has, configured or not. */
export async function coverageOf(app: string): Promise<Coverage> {
  const [{ coverage }, bindings] = await Promise.all([import('./router/coverage.ts'), allBindings(app)]);
  return coverage(appNamed(app), bindings);
}

/** The names that were probably meant, best first. */
export async function nearestNames(written: string, names: readonly string[]): Promise<readonly string[]> {
  const { nearest } = await import('./catalog/nearest.ts');
  return nearest(written, names, 1);
}

/** The operations as actions: those that Membrane publishes first, under its names. */
export async function listActions(app: string): Promise<readonly ActionName[]> {
  const [{ actionNames }, binding] = await Promise.all([import('./binding/actions.ts'), publishedActions(app)]);
  return actionNames(appNamed(app), binding);
}

/** An action by any of its names. Throws `unknown_operation`. */
export async function findAction(app: string, name: string): Promise<ActionName> {
  const [{ actionNamed }, actions] = await Promise.all([import('./binding/actions.ts'), listActions(app)]);
  return actionNamed(appNamed(app), actions, name);
}

/** An action's input, in Membrane's spelling or in ours, as a canonical call. Throws `unknown_operation`. */
export async function readAction(app: string, name: string, input: JsonObject): Promise<CanonicalCall> {
  const [{ actionCall }, binding, action] = await Promise.all([
    import('./binding/actions.ts'),
    publishedActions(app),
    findAction(app, name),
  ]);
  return actionCall(appNamed(app), binding, action, input);
}

/** The app's own HTTP request as a canonical call. Throws when it is nobody's, or leads elsewhere. */
export async function readRequest(app: string, request: ForeignRequest): Promise<CanonicalCall> {
  const { readRequest: read } = await import('./binding/request.ts');
  return read(appNamed(app), request);
}

/** A call's report as the app's own answer. undefined: it did not get as far as the app. */
export async function answerOf(app: string, report: RunReport): Promise<AppAnswer | undefined> {
  const { answerOf: answer } = await import('./binding/request.ts');
  return answer(appNamed(app), report);
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

/** The doors of all backends in front of a session's router, on one port. Throws `configuration`. */
export async function openDoors(session: Session, where: ServingAddress, ears: McpEars): Promise<Serving> {
  const [{ startServing }, { serve }, { allDoors, allSideDoors }, { mcpGuest }] = await Promise.all([
    import('./server/serving.ts'),
    import('./server/host.ts'),
    import('./sandbox.ts'),
    import('./mcp/guest.ts'),
  ]);
  const source = mcpSource(session);
  const [doors, sideDoors] = await Promise.all([allDoors(), allSideDoors()]);
  return startServing({
    ...where,
    ...routed(session),
    doors,
    sideDoors,
    guests: (house) => [mcpGuest(source, house, async (wish) => (await import('./mcp/open.ts')).endpointOf(source, { ...ears, ...wish }))],
    serve,
    keys: session.config.serve?.keys ?? {},
    user: session.user,
  });
}

/** Rube's meta tools in front of a session's router, at stdin and stdout. Resolves when the client has hung up, or `stopped` has. */
export async function serveRubeStdio(session: Session, options: Pick<McpStdioOptions, 'stopped' | 'onRefusal'>): Promise<void> {
  const [{ serveStandardIo }, { createRouterDirectory }, { rubeFactory }] = await Promise.all([
    import('./mcp/stdio.ts'),
    import('./server/router-directory.ts'),
    import('../adapters/index.ts'),
  ]);
  const parts = routed(session);
  const directory = createRouterDirectory({ ...parts, backend: 'composio' });
  await serveStandardIo(await rubeFactory(closeApp, { ...parts, directory }, session.user), options);
}

/** What a door in front of a session's router is given. */
function routed({ config, behind, router, user }: Session): Omit<RouterHostParts, 'keys' | 'origin'> {
  return {
    app: closeApp.id,
    executor: behind.executor,
    connections: {
      recent: behind.recent,
      refresh: (query) => router.connections.list(query),
      connect: (query) => router.connections.connect(query),
    },
    linking: behind.linking,
    users: [...new Set([user, ...Object.keys(config.users)])],
    now: () => new Date(),
  };
}

/** The MCP server of a session, at stdin and stdout. Resolves when its client has hung up, or `stopped` has. Throws `invalid_input`. */
export async function serveMcpStdio(session: Session, options: McpStdioOptions): Promise<void> {
  const { serveMcpStdio: serve } = await import('./mcp/open.ts');
  return serve(mcpSource(session), options);
}

/** The MCP server of a session, on a port. Throws `configuration` and `invalid_input`. */
export async function openMcpHttp(session: Session, options: McpHttpOptions): Promise<McpHttp> {
  const [{ openMcpHttp: open }, { serve }] = await Promise.all([import('./mcp/open.ts'), import('./server/host.ts')]);
  return open(serve, mcpSource(session), options);
}

/** Throws `invalid_input`. */
export async function readMcpAddress(written: string): Promise<McpHttpOptions['address']> {
  const { readAddress } = await import('./mcp/address.ts');
  return readAddress(written);
}

function mcpSource({ apps, router, behind, config, user }: Session): McpSource {
  return { apps, router, behind, user, mcp: config.mcp };
}

/** What operators do about the backends of a session, in the name of whoever runs this process. */
export async function openSwitching(session: Session, app: string): Promise<Switching> {
  const { openSwitching: open } = await import('./switching.ts');
  return open(session, { app, operator: `${userName()} on ${hostname()}` });
}

/** Backends held against each other: plans now, sends nothing before it is run. Opens a session of its own. Throws `configuration`. */
export async function openVerification(target: Target, wish: VerificationWish): Promise<Verifying> {
  const { openVerifying } = await import('./verifying.ts');
  return openVerifying({ app: appNamed(target.app), folder: process.cwd(), open: (settings) => openSession(target, settings) }, wish);
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
    const config = { backends, users, defaultUser: user, policy, store: settings.store ?? sandboxStore(process.cwd()) };
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

/** With --sandbox a configuration is read only when the user named one, and only its policy counts: no secret of it is needed. */
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

async function entryNamed(app: string, name: string): Promise<Operation | Intent> {
  const { find } = await import('./router/find.ts');
  const { entry } = await find(APPS, name.startsWith(`${app}.`) ? name : `${appNamed(app).id}.${name}`);
  return entry;
}

async function allBindings(app: string): ReturnType<typeof BACKENDS.rest.bindings> {
  const found = await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()));
  return found.flat().filter((binding) => binding.app === app);
}

async function publishedActions(app: string): Promise<Binding | undefined> {
  return (await allBindings(app)).find(({ backend }) => backend === 'membrane');
}

function appNamed(name: string): App {
  const found = APPS.find(({ id }) => id === name);
  if (found) return found;
  const known = APPS.map(({ id }) => id).join(', ');
  throw new RouterError('invalid_input', { what: 'that app is not known', next: `--app takes ${known}; nothing was sent.` });
}
