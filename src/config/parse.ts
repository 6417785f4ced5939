import { resolve } from 'node:path';
import { RouterError } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';
import { check, type Path, type Problem, unknownKey } from './check.ts';
import type { BackendSettings, Config, UserSettings } from './config.ts';
import { type Environment, fill, literalSecrets } from './environment.ts';
import { mcpOf, mcpProblems } from './mcp.ts';
import { CONFIG_SHAPE } from './shape.ts';

/** A configuration as it was found, before anything is believed. */
export interface Source {
  readonly value: unknown;
  readonly environment: Environment;
  /** Relative paths in it start here. */
  readonly folder: string;
  readonly file?: string;
  /** Where a key stands, e.g. `skillrouter.yaml:3:5`. */
  readonly locate?: (path: Path) => string;
  /** A file that is data may not hold secrets; a program may, it can read them from anywhere. */
  readonly secretsAllowed: boolean;
  /** Every operation and intent, so that a policy cannot name one that does not exist. */
  readonly operations: readonly string[];
  /** Backends that need no section, because the program brings them along. */
  readonly furtherBackends?: readonly string[];
}

/** Checks a configuration whole and fills it in. Throws `configuration`, listing everything that is wrong and where. */
export function parseConfig(source: Source): Config {
  const found = withoutNulls(source.value);
  refuse(source, check(CONFIG_SHAPE, found));
  const value = asObject(found);
  if (!source.secretsAllowed) refuse(source, [...literalSecrets(CONFIG_SHAPE, value), ...literalPassword(value['store'])]);
  // A policy is no place for the environment: its mistakes are told with their text.
  const { policy, ...rest } = value;
  const filled = fill(rest, source.environment);
  refuse(source, filled.problems);
  const config = read({ ...rest, ...asObject(filled.value), policy }, source);
  refuse(source, [...checkPolicy(config, source), ...checkMcp(config, source), ...checkStore(config)]);
  return config;
}

/** Throws when there is anything to tell. */
function refuse({ file, locate }: Pick<Source, 'file' | 'locate'>, problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const place = locate ?? ((path: Path) => path.join('.'));
  const told = problems.map(({ path, problem }) => `${[place(path), locate ? path.join('.') : ''].filter(Boolean).join(' ')}: ${problem}`);
  throw new RouterError('configuration', {
    what: told.join('; '),
    next: remedy(problems, file),
    fields: problems.map(({ path, problem, nearest }) => ({ path: path.join('.'), problem, ...(nearest ? { nearest } : {}) })),
  });
}

/** What is not set is set outside the file; everything else is corrected in it. */
function remedy(problems: readonly Problem[], file = 'the configuration'): string {
  const names = [...new Set(problems.flatMap(({ unset }) => unset ?? []))];
  if (names.length === 0) return `Correct ${file}; nothing was sent.`;
  const all = problems.every(({ unset }) => unset !== undefined);
  return `Run ${names.map((name) => `"export ${name}=…"`).join(' and ')}${all ? '' : `, and correct ${file}`}; nothing was sent.`;
}

function read(value: unknown, { folder, file, environment }: Source): Config {
  const users = usersOf(at(value, 'users'));
  const [only, ...others] = Object.keys(users);
  return {
    ...(file === undefined ? {} : { file }),
    backends: Object.fromEntries(entries(at(value, 'backends')).map(([name, settings]) => [name, textsOf(settings)])),
    users,
    defaultUser: stringAt(value, 'default_user') ?? (others.length === 0 ? only : undefined) ?? 'default',
    policy: policyOf(at(value, 'policy')),
    ...(at(value, 'serve') === undefined ? {} : { serve: { keys: keysOf(at(at(value, 'serve'), 'keys')) } }),
    ...(at(value, 'mcp') === undefined ? {} : { mcp: mcpOf(at(value, 'mcp')) }),
    store: storeOf(environment[STORE_VARIABLE] || (stringAt(value, 'store') ?? './.skillrouter/journal.db'), folder),
  };
}

function policyOf(value: unknown): Config['policy'] {
  const list = (key: string): readonly string[] => {
    const found = at(value, key);
    return isStrings(found) ? found : [];
  };
  const [days, undoDays] = [at(value, 'keep_keys_days'), at(value, 'keep_undo_days')];
  return {
    prefer: list('prefer'),
    pin: textsOf(at(value, 'pin')),
    deny: list('deny'),
    ask: list('ask'),
    account: stringAt(value, 'account')?.startsWith('organi') ? 'organization' : 'user',
    ...(typeof days === 'number' ? { keepKeysDays: days } : {}),
    ...(at(value, 'undo') === true ? { undo: true } : {}),
    ...(typeof undoDays === 'number' ? { keepUndoDays: undoDays } : {}),
  };
}

function keysOf(value: unknown): NonNullable<Config['serve']>['keys'] {
  return Object.fromEntries(entries(value).map(([user, keys]) => [user, isStrings(keys) ? keys : [String(keys)]]));
}

function usersOf(value: unknown): Config['users'] {
  return Object.fromEntries(
    entries(value).map(([user, backends]) => [
      user,
      Object.fromEntries(entries(backends).map(([backend, item]): [string, UserSettings] => [backend, userSettings(item)])),
    ]),
  );
}

function userSettings(value: unknown): UserSettings {
  return typeof value === 'string' ? { user: value } : textsOf(value);
}

/** A policy that names what does not exist protects nothing. */
function checkPolicy({ policy, backends }: Config, { operations, furtherBackends = [] }: Source): readonly Problem[] {
  const known = [...Object.keys(backends), ...furtherBackends];
  const pins = Object.entries(policy.pin);
  return [
    ...policy.prefer.filter((name) => !known.includes(name)).map((name) => unknownKey(['policy', 'prefer'], name, known, 'backend')),
    ...pins
      .filter(([, pin]) => !known.includes(backendIn(pin)))
      .map(([key, pin]) => unknownKey(['policy', 'pin', key], backendIn(pin), known, 'backend')),
    ...pins.flatMap(([pattern]) => checkPattern(['policy', 'pin', pattern], pattern, operations)),
    ...policy.deny.flatMap((pattern) => checkPattern(['policy', 'deny'], pattern, operations)),
    ...policy.ask.filter((rule) => !ASKABLE.includes(rule)).flatMap((rule) => checkPattern(['policy', 'ask'], rule, operations, ASKABLE)),
  ];
}

function checkMcp({ mcp }: Config, { operations }: Source): readonly Problem[] {
  return mcp ? mcpProblems(mcp, (path, pattern, also) => checkPattern(path, pattern, operations, also)) : [];
}

const ASKABLE: readonly string[] = ['read', 'write', 'destructive', 'sends'];

function checkPattern(path: Path, pattern: string, operations: readonly string[], also: readonly string[] = []): readonly Problem[] {
  const bare = pattern.startsWith('close.') ? pattern.slice('close.'.length) : pattern;
  const expression = new RegExp(
    `^${bare
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*')}$`,
  );
  return operations.some((id) => expression.test(id)) ? [] : [unknownKey(path, pattern, [...also, ...operations], 'operation')];
}

/** Where a server's journal is may stand in the file, its password not. */
function literalPassword(store: unknown): readonly Problem[] {
  const [, password = ''] = (typeof store === 'string' ? /^postgres(?:ql)?:\/\/[^/@:]*:([^/@]+)@/.exec(store) : undefined) ?? [];
  if (password === '' || /\$\{\w+\}/.test(password)) return [];
  return [
    { path: ['store'], problem: `a password must not stand in the file; write \${STORE_PASSWORD} in its place, or set ${STORE_VARIABLE}` },
  ];
}

function checkStore({ store }: Config): readonly Problem[] {
  if (!isServer(store) || URL.canParse(store)) return [];
  return [{ path: ['store'], problem: 'this address cannot be read; write postgres://user@host:5432/database, odd characters as %XX' }];
}

/** Overrides `store`, so that the same configuration serves one machine and many. */
const STORE_VARIABLE = 'SKILLROUTER_STORE';

function isServer(store: string): boolean {
  return /^postgres(?:ql)?:/.test(store);
}

function storeOf(store: string, folder: string): string {
  return store === ':memory:' || isServer(store) ? store : resolve(folder, store);
}

function backendIn(pin: string): string {
  return pin.split(':', 1)[0] ?? pin;
}

/** A key without a value says nothing, as in `policy:` with all its lines commented out. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value ?? {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, isObject(item) ? withoutNulls(item) : item]),
  );
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function at(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function textsOf(value: unknown): BackendSettings {
  return Object.fromEntries(entries(value).filter((entry): entry is readonly [string, string] => typeof entry[1] === 'string'));
}
