/** An agent without judgement: it does what the steps of an error say, and nothing else. It has read no documentation. */
import { isObject, type JsonObject, stringAt } from '../../../src/contract/guards.ts';
import type { RunReport } from '../../../src/contract/receipt.ts';
import type { Step } from '../../../src/contract/steps.ts';

/** A call that an agent is about to make. */
export interface Call {
  readonly operation: string;
  readonly input: JsonObject;
  readonly via?: string;
  readonly approved?: boolean;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
}

/** What the agent's task has told it: words of the task, and what is to be written into a field, should it be asked for it. */
export interface Knowledge {
  readonly words?: readonly string[];
  readonly fields?: JsonObject;
}

/** What the agent can do in the world beside calling. */
export interface Hands {
  run(call: Call): Promise<RunReport>;
  /** Starts a connection; the link is for the user. */
  link(backend: string): Promise<string | undefined>;
  /** Hands a link to the user, who opens it and approves; returns when the connection is usable. */
  connect(link: string): Promise<void>;
  /** Asks the user which account is meant. */
  choose(choices: readonly string[]): Promise<string | undefined>;
  /** Asks the user whether this may be done. */
  consent(call: Call): Promise<boolean>;
  wait(ms: number): Promise<void>;
}

export interface Repaired {
  readonly ok: boolean;
  readonly data?: unknown;
  /** Every step taken, in order, and the code of every error. */
  readonly log: readonly string[];
}

/** More rounds than this are going in circles. */
const MOST_ROUNDS = 6;

export async function repair(wrong: Call, knows: Knowledge, hands: Hands): Promise<Repaired> {
  let call = wrong;
  const log: string[] = [];
  const words = [...(knows.words ?? [])];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const report = await hands.run(call);
    if (report.ok) return { ok: true, data: report.data, log };
    log.push(report.error.code);
    for (const step of stepsOf(report.error.details)) {
      log.push(step.do);
      const next = await follow(step, call, { knows: { ...knows, words }, hands });
      if (next === undefined) return { ok: false, log: [...log, 'gave up'] };
      // What a removed field said may still tell which object was meant.
      if (step.do === 'remove_field') words.push(String(at(call.input, step.field) ?? ''));
      call = next;
    }
    if (stepsOf(report.error.details).length === 0) return { ok: false, log: [...log, 'no steps'] };
  }
  return { ok: false, log: [...log, 'too many rounds'] };
}

interface Means {
  readonly knows: Knowledge;
  readonly hands: Hands;
}

/** The call after one step; undefined: the agent cannot take it. */
async function follow(step: Step, call: Call, means: Means): Promise<Call | undefined> {
  const { knows, hands } = means;
  const { input } = call;
  const value = 'field' in step ? at(input, step.field) : undefined;
  switch (step.do) {
    case 'rename_field':
      return { ...call, input: put(without(input, step.field), step.to, value) };
    case 'remove_field':
      return { ...call, input: without(input, step.field) };
    case 'choose_value':
      return set(call, step.field, step.nearest ?? step.from.find((one) => knows.words?.includes(one)));
    case 'convert_value':
      return set(call, step.field, converted(value, step.to, step.times));
    case 'bound_value':
      return set(call, step.field, bounded(value, step));
    case 'give_value':
      return set(call, step.field, knows.fields?.[step.field]);
    case 'find_id':
      return set(call, step.field, await found(step, [...(knows.words ?? []), ...(typeof value === 'string' ? [value] : [])], hands));
    case 'use_operation':
      return { ...call, operation: step.operation };
    case 'choose_connection':
      return withVia(call, await hands.choose(step.choices));
    case 'leave_via':
      return without(call as unknown as JsonObject, 'via') as unknown as Call;
    case 'connect':
      return connected(call, step, hands);
    case 'wait':
      await hands.wait(step.ms);
      return call;
    case 'approve':
      return (await hands.consent(call)) ? { ...call, approved: true } : undefined;
    case 'new_idempotency_key':
      return { ...call, idempotencyKey: `${call.idempotencyKey ?? 'key'}-again` };
    case 'correct_field':
    case 'look':
    case 'ask_user':
    case 'ask_operator':
      return undefined;
    default:
      return step satisfies never;
  }
}

function set(call: Call, field: string, value: unknown): Call | undefined {
  return value === undefined ? undefined : { ...call, input: put(call.input, field, value) };
}

function withVia(call: Call, via: string | undefined): Call | undefined {
  return via === undefined ? undefined : { ...call, via };
}

/** One link is enough; which backend it is makes no difference to the user. */
async function connected(call: Call, { links = [], backends }: Extract<Step, { do: 'connect' }>, hands: Hands): Promise<Call | undefined> {
  const given = links.find(({ url }) => url !== undefined)?.url;
  const link = given ?? (backends[0] === undefined ? undefined : await hands.link(backends[0]));
  if (link === undefined) return undefined;
  await hands.connect(link);
  return call;
}

/** The one object with such an id, or the one that the words of the task are about. */
async function found(
  { with: operations, prefix }: Extract<Step, { do: 'find_id' }>,
  words: readonly string[],
  hands: Hands,
): Promise<unknown> {
  for (const operation of operations) {
    const report = await hands.run({ operation, input: {} });
    const objects = report.ok ? objectsIn(report.data).filter(({ id }) => prefix === undefined || String(id).startsWith(`${prefix}_`)) : [];
    const meant = objects.length === 1 ? objects : objects.filter((one) => words.some((word) => word !== '' && says(one, word)));
    if (meant[0] !== undefined) return meant[0]['id'];
  }
  return undefined;
}

/** Every object with an id, at any depth. */
function objectsIn(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (!isObject(value)) return [];
  return [...(stringAt(value, 'id') === undefined ? [] : [value]), ...Object.values(value).flatMap(objectsIn)];
}

function says(object: JsonObject, word: string): boolean {
  return Object.values(object).some((value) => typeof value === 'string' && value.toLowerCase().includes(word.toLowerCase()));
}

function converted(value: unknown, to: string, times = 1): unknown {
  switch (to) {
    case 'integer':
      return Number.isFinite(Number(value)) ? Math.round(Number(value) * times) : undefined;
    case 'number':
      return Number.isFinite(Number(value)) ? Number(value) * times : undefined;
    case 'boolean':
      return /^(?:true|yes|1)$/i.test(String(value));
    case 'array':
      return typeof value === 'string' ? value.split(',').map((one) => one.trim()) : [value];
    case 'object':
      return typeof value === 'string' ? JSON.parse(value) : undefined;
    case 'date':
      return dated(value)?.slice(0, 10);
    case 'date-time':
      return dated(value);
    default:
      return typeof value === 'object' ? undefined : String(value);
  }
}

/** As UTC, so that no machine's zone moves the day. */
function dated(value: unknown): string | undefined {
  const time = Date.parse(`${String(value)} UTC`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function bounded(
  value: unknown,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Extract<Step, { do: 'bound_value' }>,
): unknown {
  if (typeof value === 'number') return Math.min(most, Math.max(least, value));
  return typeof value === 'string' || Array.isArray(value) ? value.slice(0, most) : undefined;
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

function put(value: JsonObject, path: string, to: unknown): JsonObject {
  return changed(value, path.split('.'), to) as JsonObject;
}

function without(value: JsonObject, path: string): JsonObject {
  return changed(value, path.split('.'), undefined) as JsonObject;
}

function changed(value: unknown, [key = '', ...rest]: readonly string[], to: unknown): unknown {
  if (Array.isArray(value))
    return value.map((one, index) => (String(index) === key ? (rest.length > 0 ? changed(one, rest, to) : to) : one));
  const object = isObject(value) ? value : {};
  if (rest.length > 0) return { ...object, [key]: changed(object[key], rest, to) };
  const { [key]: _, ...others } = object;
  return to === undefined ? others : { ...others, [key]: to };
}

function stepsOf(details: Readonly<Record<string, unknown>>): readonly Step[] {
  const { steps } = details;
  return Array.isArray(steps) ? steps : [];
}
