import type { HttpCall, Reply, ToolCall } from '../../contract/adapter.ts';
import type { Connection } from '../../contract/connection.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A request as a recording has it. */
export type TapedRequest =
  | { readonly kind: 'tool'; readonly tool: string; readonly arguments: unknown }
  | { readonly kind: 'http'; readonly method: string; readonly path: string; readonly query: readonly unknown[]; readonly body?: unknown };

/**
 * Lets through what is public by the app's own schemas (words of enumerations, names of fields, dates, truth values, amounts in fields
 * that hold amounts) and nothing else. What is replaced gets a name by the order in which it was first seen: nobody can try out what it
 * was, and what was equal stays equal. Headers are not looked at: none is kept.
 */
export class Redactor {
  readonly #vocabulary: Vocabulary;
  readonly #parts: ReadonlySet<string>;
  readonly #seen = new Map<string, number>();
  /** Whoever replays meets the ids of the recording: they stay. */
  readonly #keepsIds: boolean;

  constructor(vocabulary: Vocabulary, { keepsIds = false } = {}) {
    this.#vocabulary = vocabulary;
    this.#keepsIds = keepsIds;
    this.#parts = new Set([...vocabulary.fields].flatMap((field) => field.split('_')));
  }

  toolCall({ tool, arguments: given }: Pick<ToolCall, 'tool' | 'arguments'>): TapedRequest {
    return { kind: 'tool', tool: this.#vocabulary.names.has(tool) ? tool : '(tool)', arguments: this.#value(given, '', true) };
  }

  httpCall({ method, path, query, body }: Omit<HttpCall, 'connection' | 'read'>): TapedRequest {
    const parts = path.split('/').map((part) => (this.#vocabulary.names.has(part) ? part : this.#string(part, true)));
    const pairs = query.map(([name, value]) => [this.#key(name, true), this.#string(value, true, name)]);
    return {
      kind: 'http',
      method,
      path: parts.join('/'),
      query: pairs,
      ...(body === undefined ? {} : { body: this.#value(body, '', true) }),
    };
  }

  reply(reply: Reply): Reply {
    switch (reply.kind) {
      case 'tool':
        return { kind: 'tool', data: this.#value(reply.data, '', false) };
      case 'http':
        return { kind: 'http', status: reply.status, headers: {}, body: this.#value(reply.body, '', false) };
      case 'failed': {
        const { code, delivery, origin, status, fields, retryAfterMs } = reply.failure;
        const named = fields?.map(({ path }) => ({
          path: path
            .split('.')
            .map((part) => this.#key(part))
            .join('.'),
          problem: 'recorded',
        }));
        const known = { ...(status === undefined ? {} : { status }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
        return {
          kind: 'failed',
          failure: { code, delivery, origin, what: 'a recorded failure', ...known, ...(named ? { fields: named } : {}) },
        };
      }
      default:
        return reply satisfies never;
    }
  }

  connection({ id, backend, app, status, account, checkedAt }: Connection): Connection {
    const who = account && { organization: this.#string(account.organization, false), user: this.#string(account.user, false) };
    return {
      id: `connection-${this.#number(`connection ${id}`)}`,
      backend,
      app,
      user: 'user',
      status,
      checkedAt,
      ...(who ? { account: who } : {}),
    };
  }

  /** `plain`: in a request, where no number is needed to tell one text from another. */
  #value(value: unknown, field: string, plain: boolean): unknown {
    if (typeof value === 'string') return plain ? this.#argument(value, field) : this.#string(value, false, field);
    if (typeof value === 'number') return this.#vocabulary.numbers.has(field) ? value : 0;
    if (Array.isArray(value)) return value.map((item) => this.#value(item, field, plain));
    if (!isObject(value)) return value === undefined || typeof value === 'boolean' ? value : null;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.#key(key, plain), this.#value(item, key, plain)]));
  }

  /** Arguments that travel as JSON text keep their structure. */
  #argument(text: string, field: string): string {
    const parsed = text.startsWith('[') || text.startsWith('{') ? parsedOf(text) : undefined;
    return parsed === undefined ? this.#string(text, true, field) : JSON.stringify(this.#value(parsed, '', true));
  }

  #string(text: string, plain: boolean, field = ''): string {
    if (text === '' || this.#vocabulary.words.has(text) || isDate(text)) return text;
    if (/^(?:true|false|\d{1,6})$/.test(text) && plain) return text;
    const id = this.#id(text, field);
    if (id !== undefined) return id;
    return plain ? '(text)' : this.#pseudonym(text);
  }

  /** A prefix that no schema has is believed where an id has to stand, and wherever that id comes again. */
  #id(text: string, field = ''): string | undefined {
    const [, prefix = '', rest = ''] = /^([a-z]+)_([A-Za-z0-9-]{8,120})$/.exec(text) ?? [];
    const isRecorded = this.#keepsIds ? /^0*\d+$/.test(rest) : this.#seen.has(`${prefix} ${text}`);
    const isExpected = prefix.length <= 12 && prefix !== '' && /(?:^|_)ids?$/.test(field);
    if (!this.#vocabulary.prefixes.has(prefix) && !isRecorded && !isExpected) return undefined;
    return this.#keepsIds ? text : `${prefix}_${String(this.#number(`${prefix} ${text}`)).padStart(rest.length, '0')}`;
  }

  /** Of the same form, so that whoever reads it next can go on working with it; what it says about objects of the app is kept. */
  #pseudonym(text: string): string {
    const ids: string[] = [];
    const bare = text.replaceAll(/[a-z]+_[A-Za-z0-9-]{8,120}/g, (found) => {
      const id = this.#id(found);
      if (id !== undefined) ids.push(id);
      return id === undefined ? found : '(id)';
    });
    const number = this.#number(`text ${bare.replaceAll(/[A-Za-z0-9+=-]{20,}/g, '(token)')}`);
    if (/^[^\s@]+@[^\s@]+$/.test(text)) return `person${number}@redacted.example`;
    if (/^\+\d{6,15}$/.test(text)) return `+1555${String(number).padStart(7, '0')}`;
    if (/^https?:\/\//.test(text)) return `https://redacted.example/${[number, ...ids].join('/')}`;
    return ['text', number, ...ids].join(' ');
  }

  #key(key: string, plain = false): string {
    const { fields } = this.#vocabulary;
    if (fields.has(key) || (/^_?[a-z]+(?:_[a-z]+)*$/.test(key) && key.split('_').every((part) => this.#parts.has(part)))) return key;
    const [, before = '', id = '', after = ''] = /^(custom\.)?(cf_[A-Za-z0-9-]{8,120})(\.add|\.remove)?$/.exec(key) ?? [];
    const mapped = id === '' ? undefined : this.#id(id);
    if (mapped !== undefined) return `${before}${mapped}${after}`;
    if (/^\d{1,4}$/.test(key)) return key;
    return plain ? '(field)' : `(field ${this.#number(`field ${key}`)})`;
  }

  #number(name: string): number {
    const kind = name.split(' ', 1)[0] ?? '';
    const known = this.#seen.get(name);
    if (known !== undefined) return known;
    const next = (this.#seen.get(`# ${kind}`) ?? 0) + 1;
    this.#seen.set(`# ${kind}`, next);
    this.#seen.set(name, next);
    return next;
  }
}

const DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

function parsedOf(text: string): JsonObject | readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
