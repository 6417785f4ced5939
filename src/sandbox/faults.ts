import type { BackendId } from '../contract/backend.ts';
import type { Exchange, Interceptor, Line } from '../contract/host.ts';

interface Target {
  /** Left out: any. */
  readonly backend?: BackendId;
  readonly method?: string;
  /** Relative to the backend's own root. Text that starts with `/` is a prefix, other text the source of a RegExp. */
  readonly path?: string | RegExp;
  /** How often it strikes; default once. */
  readonly times?: number | 'always';
}

/** What goes wrong instead of the answer. */
interface Damage {
  /**
   * `status`: another answer, empty or with `body`. `html`: a page, as from a proxy on the way. `body`: the same answer with
   * another body. `truncate`: a complete answer whose body is cut in half. `reset`, `hang`: no answer.
   */
  readonly kind: 'status' | 'html' | 'body' | 'truncate' | 'reset' | 'hang';
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/**
 * A fault on the wire. `before`: the request is not handled. `after`: it is handled, with all its effects, and then the answer
 * goes wrong. `mid-body`: it is handled, and the connection drops after half of the announced body.
 */
export type Fault = Target & ((Damage & { readonly when: 'before' | 'after' }) | { readonly when: 'mid-body' });

/** A fault that was set. */
export interface SetFault {
  /** How often it has struck. */
  fired(): number;
  remove(): void;
}

/** A request that reached a backend's wire. No query, header or body: those hold credentials and personal data. */
export interface SeenRequest extends Exchange {
  readonly backend: BackendId;
  /** ISO instant of the world's clock. */
  readonly at: string;
  /** The fault that struck it, `after reset`. */
  readonly fault?: string;
}

/** Older requests are forgotten; the counts go on. */
const MOST_SEEN = 10_000;

/** What goes wrong on the wire and what came over it, for all backends. */
export class Wire {
  readonly #now: () => Date;
  readonly #faults = new Set<{ readonly fault: Fault; fired: number }>();
  readonly #seen: SeenRequest[] = [];
  readonly #counts: Record<string, Record<string, number>> = {};

  constructor(now: () => Date) {
    this.#now = now;
  }

  set(fault: Fault): SetFault {
    const entry = { fault, fired: 0 };
    this.#faults.add(entry);
    return { fired: () => entry.fired, remove: () => this.#faults.delete(entry) };
  }

  clear(): void {
    this.#faults.clear();
  }

  /** The faults that can still strike, in the order in which they are tried. */
  pending(): readonly { readonly fault: Fault; readonly fired: number }[] {
    return [...this.#faults].filter(isAlive).map(({ fault, fired }) => ({ fault, fired }));
  }

  requests(backend?: BackendId): readonly SeenRequest[] {
    return this.#seen.filter((request) => backend === undefined || request.backend === backend);
  }

  /** How many requests came, by backend and method. */
  counts(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return structuredClone(this.#counts);
  }

  forget(): void {
    this.#seen.length = 0;
    for (const backend of Object.keys(this.#counts)) delete this.#counts[backend];
  }

  interceptor(backend: BackendId): Interceptor {
    return async (exchange, serve, line) => {
      const fault = this.#strike(backend, exchange);
      this.#record(backend, exchange, fault);
      if (!fault) return serve();
      const answer = fault.when === 'before' ? undefined : await serve();
      if (fault.when === 'mid-body') return taken(line.half(answer ?? new Response()));
      return damage(fault, answer, line);
    };
  }

  #strike(backend: BackendId, exchange: Exchange): Fault | undefined {
    const entry = [...this.#faults].find((one) => isAlive(one) && isMeant(one.fault, backend, exchange));
    if (entry) entry.fired += 1;
    return entry?.fault;
  }

  #record(backend: BackendId, exchange: Exchange, fault: Fault | undefined): void {
    const counts = this.#counts[backend] ?? {};
    this.#counts[backend] = { ...counts, [exchange.method]: (counts[exchange.method] ?? 0) + 1 };
    if (this.#seen.length >= MOST_SEEN) this.#seen.shift();
    const struck = fault && (fault.when === 'mid-body' ? fault.when : `${fault.when} ${fault.kind}`);
    this.#seen.push({ backend, at: this.#now().toISOString(), ...exchange, ...(struck === undefined ? {} : { fault: struck }) });
  }
}

function isAlive({ fault, fired }: { readonly fault: Fault; readonly fired: number }): boolean {
  return fault.times === 'always' || fired < (fault.times ?? 1);
}

function isMeant({ backend, method, path }: Target, at: BackendId, exchange: Exchange): boolean {
  if (backend !== undefined && backend !== at) return false;
  if (method !== undefined && method.toUpperCase() !== exchange.method) return false;
  if (path === undefined) return true;
  if (typeof path === 'string' && path.startsWith('/')) return exchange.path.startsWith(path);
  return new RegExp(path).test(exchange.path);
}

async function damage(fault: Damage, answer: Response | undefined, line: Line): Promise<Response | 'taken'> {
  switch (fault.kind) {
    case 'reset':
      return taken(line.reset());
    case 'hang':
      return taken(line.hang());
    case 'status':
      return reply(fault.body ?? '', { status: fault.status ?? 503, headers: fault.headers });
    case 'html':
      return reply(fault.body ?? PAGE, { status: fault.status ?? 502, headers: { 'content-type': 'text/html', ...fault.headers } });
    case 'body':
      return reply(fault.body ?? '', { status: fault.status ?? answer?.status ?? 200, headers: { ...JSON_TYPE, ...fault.headers } });
    case 'truncate':
      return reply(half(fault.body === undefined && answer ? await answer.text() : text(fault.body ?? { data: [] })), {
        status: fault.status ?? answer?.status ?? 200,
        headers: { ...JSON_TYPE, ...fault.headers },
      });
    default:
      return fault.kind satisfies never;
  }
}

async function taken(done: void | Promise<void>): Promise<'taken'> {
  await done;
  return 'taken';
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n';
/** Answers of these statuses have no body (RFC 9110 §15). */
const BODILESS = [204, 205, 304];

function reply(body: unknown, init: { readonly status: number; readonly headers: Readonly<Record<string, string>> | undefined }): Response {
  const type = typeof body === 'string' ? {} : JSON_TYPE;
  return new Response(BODILESS.includes(init.status) ? null : text(body), { status: init.status, headers: { ...type, ...init.headers } });
}

function text(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}

function half(whole: string): string {
  return whole.slice(0, Math.ceil(whole.length / 2));
}
