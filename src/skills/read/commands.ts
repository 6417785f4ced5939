/** What the commands of a skill do to an app: `membrane …`, `skillrouter …`, `curl …`. */
import type { Remark } from '../diagnostics.ts';
import { readLiteral } from './literal.ts';
import { isActionKey, isOperationName } from './names.ts';
import { type Arguments, argumentsOf, type ShellCommand } from './shell.ts';
import type { Argument, Line, Need, Use } from './skill.ts';

/** What a piece of code or a command tells. */
export interface Told {
  readonly uses: readonly Use[];
  readonly connectors: readonly Line[];
  readonly needs: readonly Need[];
  readonly remarks: readonly Remark[];
}

export const NOTHING: Told = { uses: [], connectors: [], needs: [], remarks: [] };

const SWITCHES: ReadonlySet<string> = new Set(
  'json wait tenant yes y rawData allowMultipleConnections dry-run sandbox undoable help h non-interactive force details manager s S L f G i k v silent'.split(
    ' ',
  ),
);

export function readCommand({ words: [program = '', ...words], line }: ShellCommand): Told {
  const read = argumentsOf(words, SWITCHES);
  switch (program) {
    case 'membrane':
      return { ...NOTHING, ...membrane(read, line), needs: ['membrane'] };
    case 'skillrouter':
      return skillrouter(read, line);
    default:
      return { ...NOTHING, uses: curl(read, line) };
  }
}

function membrane({ plain, flags }: Arguments, line: number): Partial<Told> {
  const [noun = '', verb = '', third = ''] = plain;
  const flag = (name: string): string | undefined => flags.get(name)?.at(-1);
  const connectors = [flag('connectorKey'), flag('connectorId'), flag('integrationKey'), flag('connectionKey')];
  const data = flag('input');
  if (noun === 'action' && verb === 'run') return action(third, data, line);
  if (noun === 'act') {
    const key = flag('key') ?? flag('id');
    return key === undefined ? { uses: apiCall(flag('api'), line) } : action(key, data, line);
  }
  if (noun === 'request') return { uses: proxied(plain, flags, line) };
  if (noun === 'connection' && verb === 'ensure') {
    if (third === '' && plain.length > 2) return { remarks: [emptyAddress(line)] };
    return { connectors: named([third, ...connectors], line) };
  }
  if (noun === 'search' && flag('elementType') === 'connector') return { connectors: named([verb], line) };
  return { connectors: named(connectors, line) };
}

function emptyAddress(line: number): Remark {
  return {
    line,
    code: 'empty_address',
    what: '`membrane connection ensure ""` names no app',
    fix: 'Name it: its domain, such as "close.com".',
  };
}

function action(key: string, input: string | undefined, line: number): Partial<Told> {
  if (isOperationName(key)) return { uses: [use('operation', key, line, argumentsIn(input, line))] };
  return isActionKey(key) ? { uses: [use('action', key, line, argumentsIn(input, line))] } : {};
}

function proxied([, , path = '']: readonly string[], flags: Arguments['flags'], line: number): readonly Use[] {
  const last = (...names: readonly string[]): string | undefined => names.flatMap((name) => flags.get(name) ?? []).at(-1);
  if (isPlaceholderPath(path)) return [];
  const query = (flags.get('query') ?? []).join('&');
  const url = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
  return [requestUse(last('X', 'method') ?? 'GET', url, objectIn(last('d', 'data')), line)];
}

function apiCall(json: string | undefined, line: number): readonly Use[] {
  const { method, path, body } = objectIn(json) ?? {};
  return typeof path === 'string' ? [requestUse(typeof method === 'string' ? method : 'GET', path, body, line)] : [];
}

/** The words of our own commands that name an operation. */
const VERBS: ReadonlySet<string> = new Set(['run', 'explain', 'bulk']);

const OWN_FLAGS: ReadonlySet<string> = new Set(
  'input json config user app sandbox via idempotency-key timeout dry-run undoable yes help h all on-error results concurrency'.split(' '),
);

function skillrouter(read: Arguments, line: number): Told {
  const [verb = '', first = '', second = ''] = read.plain;
  if (verb === 'membrane') return { ...NOTHING, ...membrane({ ...read, plain: read.plain.slice(1) }, line), needs: ['skillrouter'] };
  const name = verb === 'ops' && first === 'show' ? second : VERBS.has(verb) ? first : '';
  if (!isOperationName(name)) return { ...NOTHING, needs: ['skillrouter'] };
  const fields = [...read.flags.keys()]
    .filter((flag) => !OWN_FLAGS.has(flag))
    .map((field) => ({ name: field.split('.')[0] ?? field, line }));
  const given = verb === 'run' ? [...argumentsIn(read.flags.get('input')?.at(-1), line), ...fields] : [];
  return { ...NOTHING, uses: [use('operation', name, line, given)], needs: ['skillrouter'] };
}

function curl({ plain, flags }: Arguments, line: number): readonly Use[] {
  const last = (...names: readonly string[]): string | undefined => names.flatMap((name) => flags.get(name) ?? []).at(-1);
  const url = last('url') ?? plain.find((word) => /^https?:\/\//.test(word));
  if (url === undefined) return [];
  const data = last('d', 'data', 'data-raw', 'data-binary', 'json');
  const method = last('X', 'request') ?? (data === undefined || flags.has('G') ? 'GET' : 'POST');
  return [requestUse(method, url, objectIn(data), line)];
}

export function requestUse(method: string, url: string, body: unknown, line: number): Use {
  const upper = method.toUpperCase();
  return {
    kind: 'request',
    name: `${upper} ${url}`,
    line,
    place: 'code',
    arguments: [],
    complete: true,
    request: { method: upper, url, ...(body === undefined ? {} : { body }) },
  };
}

/** `/path/to/endpoint` and alike stand for a path. */
export function isPlaceholderPath(path: string): boolean {
  return path === '' || /\/path\/|\/endpoint|^<|^[A-Z_]+$/.test(path);
}

function use(kind: Use['kind'], name: string, line: number, given: readonly Argument[]): Use {
  return { kind, name, line, place: 'code', arguments: given, complete: true };
}

function argumentsIn(json: string | undefined, line: number): readonly Argument[] {
  const start = json?.indexOf('{') ?? -1;
  const read = json === undefined || start < 0 ? undefined : readLiteral(json, start);
  const names = (read?.entries ?? []).map(({ name, value }) => ({ name, line, ...(value === undefined ? {} : { value }) }));
  // `{ "key": "value" }` shows the form, and means no argument.
  return names.length === 1 && names[0]?.name === 'key' ? [] : names.filter(({ name }) => /^[\w.]+$/.test(name));
}

function objectIn(json: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const start = json?.indexOf('{') ?? -1;
  return json === undefined || start < 0 ? undefined : readLiteral(json, start)?.value;
}

function named(names: readonly (string | undefined)[], line: number): readonly Line[] {
  return names.flatMap((text) =>
    text === undefined || !/^[\w.:/-]{2,}$/.test(text) || /^[A-Z_]+$/.test(text) ? [] : [{ text: text.toLowerCase(), line }],
  );
}
