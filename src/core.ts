/** Puts the rooms together from a configuration. Reads neither environment nor files of its own accord. */
import { BACKENDS } from '../adapters/index.ts';
import { type Behind, createCore } from './assembly.ts';
import type { BindingDeclaration } from './binding/declare.ts';
import type { Bulk } from './bulk/bulk.ts';
import { closeApp } from './catalog/close/index.ts';
import { extendApps, type Further } from './catalog/extend.ts';
import { type BackendSettings, type Config, identityOf } from './config/config.ts';
import { withinApps } from './connections/within-apps.ts';
import type { Adapter } from './contract/adapter.ts';
import type { App } from './contract/app.ts';
import { isRouterError, RouterError } from './contract/errors.ts';
import { pause } from './contract/pause.ts';
import { openJournal, type SharedJournal } from './journal/journal.ts';
import type { Router, RouterParts } from './router/router.ts';

const APPS: readonly App[] = [closeApp];

/** A router with everything it needs. */
export interface Core extends AsyncDisposable {
  readonly config: Config;
  /** The built-in apps with what the program brought along. */
  readonly apps: readonly App[];
  readonly router: Router;
  /** For doors in front of the router. */
  readonly behind: Behind;
  readonly journal: SharedJournal;
  close(): Promise<void>;
}

/** What a program brings along beside the apps and backends that are built in. */
export interface Extensions extends Further {
  readonly bindings?: readonly BindingDeclaration[];
  readonly adapters?: readonly Adapter[];
  /** Stands between the router and each backend: `verify` listens there, and plays backends that are not there. */
  readonly rewire?: (backend: Backend) => Backend;
}

/** An adapter with its bindings, as the router gets them. */
export type Backend = RouterParts['backends'][number];

/** Opens nothing yet: neither socket nor file, and no vendor SDK is loaded. Throws `configuration`. */
export async function openCore(
  config: Config,
  {
    apps: furtherApps = [],
    operations = [],
    bindings = [],
    adapters = [],
    rewire = (backend) => backend,
    ...time
  }: Partial<Time> & Extensions = {},
): Promise<Core> {
  const journal = openJournal({ path: config.store });
  const apps = extendApps(APPS, { apps: furtherApps, operations });
  const backends = (await withExtensions(await configured(config), { apps, bindings, adapters })).map(rewire);
  const router = createCore({
    apps,
    backends,
    policy: config.policy,
    identity: (user, backend) => identityOf(config, user, backend),
    journal,
    now,
    elapsed: () => performance.now(),
    ...time,
  });
  const close = async (): Promise<void> => {
    await router.close();
    await journal.close();
  };
  return { config, apps, router: journaled(router, journal), behind: router, journal, close, [Symbol.asyncDispose]: close };
}

type Time = Pick<RouterParts, 'elapsed' | 'pause' | 'settleMs'>;
type Backends = RouterParts['backends'];

function configured(config: Config): Promise<Backends> {
  return Promise.all(
    Object.keys(config.backends)
      .map(known)
      .map(async (name) => ({ adapter: await MAKERS[name](config, settingsOf(config, name)), bindings: await BACKENDS[name].bindings() })),
  );
}

/** The backends with those that the program brings along, each with its bindings; every one is asked only about apps that it is bound to. */
async function withExtensions(
  builtIn: Backends,
  { apps, bindings, adapters }: Required<Pick<Extensions, 'bindings' | 'adapters'>> & { readonly apps: readonly App[] },
): Promise<Backends> {
  if (apps.length === APPS.length && bindings.length + adapters.length === 0) return builtIn;
  const all = [...builtIn, ...adapters.map((adapter) => ({ adapter, bindings: [] }))];
  refuseStrangers(
    all.map(({ adapter }) => adapter.backend),
    bindings,
  );
  const { withDeclared } = await import('./binding/declare.ts');
  return Promise.all(
    all.map(async ({ adapter, bindings: own }) => {
      const declared = bindings.filter(({ backend }) => backend === adapter.backend);
      const bound = await withDeclared(own, declared, apps);
      return { adapter: withinApps(adapter, new Set(bound.map(({ app }) => app))), bindings: bound };
    }),
  );
}

/** A binding of a built-in backend may wait for its configuration; one of a backend that nobody knows is a slip of the pen. */
function refuseStrangers(backends: readonly string[], bindings: readonly BindingDeclaration[]): void {
  const twice = backends.find((name, at) => backends.indexOf(name) !== at);
  const known = [...backends, ...Object.keys(BACKENDS)];
  const stranger = bindings.find(({ backend }) => !known.includes(backend))?.backend;
  if (twice !== undefined) throw misnamed(`there are two adapters for the backend "${twice}"`);
  if (stranger !== undefined) throw misnamed(`a binding is for the backend "${stranger}", which has no adapter`);
}

function misnamed(what: string): RouterError {
  return new RouterError('configuration', { what, next: 'Correct what was given to createRouter; nothing was sent.' });
}

/**
 * Proves once that the journal can be written, before the first call is sent: a call that left no trace would be the worse
 * surprise. A server that does not answer is another matter: it may be back any moment, and reads go on without it.
 */
function journaled(router: Router, journal: SharedJournal): Router {
  let proved = false;
  return {
    ...router,
    run: async (operation, input, options) => {
      if (!proved && !options.dryRun) proved = await canWrite(journal);
      return router.run(operation, input, options);
    },
  };
}

async function canWrite(journal: SharedJournal): Promise<boolean> {
  try {
    await journal.open();
    return true;
  } catch (error) {
    if (isRouterError(error) && error.code === 'backend_unavailable') return false;
    throw error;
  }
}

/** Bulk runs over a router and its journal; loaded only by who needs them. */
export async function openBulk(
  { router, journal, config }: Pick<Core, 'router' | 'journal' | 'config'>,
  folders: { readonly folder: string; readonly spoolFolder: string },
): Promise<Bulk> {
  const { createBulk } = await import('./bulk/bulk.ts');
  return createBulk({
    apps: APPS,
    run: router.run,
    policy: config.policy,
    book: journal.bulk,
    ...(journal.jobs === undefined ? {} : { jobs: journal.jobs }),
    now,
    elapsed: () => performance.now(),
    pause,
    ...folders,
  });
}

type Name = keyof typeof BACKENDS;

const now = (): Date => new Date();

const MAKERS: Readonly<Record<Name, (config: Config, settings: BackendSettings) => Promise<Adapter>>> = {
  composio: (_, settings) => {
    const version = settings['toolkit_version'];
    return BACKENDS.composio.adapter({
      apiKey: settings['api_key'] ?? '',
      ...given('baseUrl', settings['base_url']),
      ...given('authConfig', settings['auth_config']),
      ...(version === undefined ? {} : { versions: { close: version } }),
      now,
    });
  },
  membrane: (_, settings) => {
    const integration = settings['integration'];
    return BACKENDS.membrane.adapter({
      workspaceKey: settings['workspace_key'] ?? '',
      workspaceSecret: settings['workspace_secret'] ?? '',
      ...given('baseUrl', settings['base_url']),
      ...(integration === undefined ? {} : { integrations: { close: integration } }),
      now,
    });
  },
  rest: (config, settings) =>
    BACKENDS.rest.adapter({
      keys: keysOf(config, settings['api_key']),
      ...given('baseUrl', settings['base_url']),
      now,
    }),
  scalekit: (_, settings) =>
    BACKENDS.scalekit.adapter({
      envUrl: settings['env_url'] ?? '',
      clientId: settings['client_id'] ?? '',
      clientSecret: settings['client_secret'] ?? '',
      ...given('connector', settings['connector']),
      now,
    }),
};

/**
 * The app's keys by user, at their name on `rest`. A key for all is everybody's only where no users are listed: elsewhere a name that
 * nobody listed is a slip of the pen, and must not act as somebody.
 */
function keysOf(
  config: Config,
  shared: string | undefined,
): { readonly users: Readonly<Record<string, string>>; readonly everybody?: string } {
  const listed = Object.entries(config.users);
  const own = listed.flatMap(([user, backends]) => keyed(identityOf(config, user, 'rest'), backends['rest']?.api_key ?? shared));
  const users = Object.fromEntries([...keyed(identityOf(config, config.defaultUser, 'rest'), shared), ...own]);
  return { users, ...(listed.length === 0 ? given('everybody', shared) : {}) };
}

function keyed(user: string, key: string | undefined): readonly (readonly [string, string])[] {
  return key === undefined ? [] : [[user, key]];
}

function settingsOf(config: Config, name: Name): BackendSettings {
  return config.backends[name] ?? {};
}

function known(name: string): Name {
  const found = Object.keys(BACKENDS).find((one): one is Name => one === name);
  if (found) return found;
  throw new RouterError('configuration', {
    what: `this version has no adapter for the backend "${name}"`,
    next: `Take it out of the configuration; there are ${Object.keys(BACKENDS).join(', ')}.`,
  });
}

function given<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  // The key is the type parameter itself; an object literal cannot say so.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: string });
}
