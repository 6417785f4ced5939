import { closest } from '../../src/binding/closest.ts';
import { DEEPEST, isDeeper, parsed } from '../../src/binding/stringified.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { RubeRefusal } from './rube-desk.ts';

const LONGEST_SESSION = 200;

/** The arguments of any tool as an object that is safe to look into. */
export function objectOf(raw: unknown): JsonObject {
  // Some clients send the whole as JSON text (issue 2406).
  const args = typeof raw === 'string' ? parsed(raw) : (raw ?? {});
  if (!isObject(args)) throw new RubeRefusal('The arguments must be an object. Nothing was run.');
  if (isDeeper(args, DEEPEST)) throw new RubeRefusal(`The arguments are nested more than ${DEEPEST} levels deep. Nothing was run.`);
  return args;
}

/** The names of a meta tool's arguments. */
export interface ArgumentNames {
  readonly names: readonly string[];
  /** Of earlier releases, or of clients that write them from memory: understood, never suggested. */
  readonly also?: readonly string[];
}

/** The arguments of a meta tool. Throws the refusal that names every stranger and what was probably meant. */
export function readArguments(raw: unknown, { names, also = [] }: ArgumentNames): JsonObject {
  const args = objectOf(raw);
  const strangers = Object.keys(args).filter((name) => !names.includes(name) && !also.includes(name));
  if (strangers.length === 0) return args;
  const problems = strangers.slice(0, MOST_TOLD).map((name) => told(name, names));
  throw new RubeRefusal(`${problems.join(' ')} Nothing was run.`);
}

const MOST_TOLD = 5;

function told(stranger: string, known: readonly string[]): string {
  const name = JSON.stringify(stranger.slice(0, 60));
  if (ABOUT_USER.test(stranger)) return `${name} is not taken: who the user is follows from the key of this server.`;
  const [near] = closest(stranger, known, 1);
  return `${name} is no argument here${near === undefined ? `; known are ${known.join(', ')}.` : `; did you mean ${JSON.stringify(near)}?`}`;
}

const ABOUT_USER = /^(?:user|user_?id|entity_?id|tenant_?(?:id|key))$/i;

/** Lists that came as JSON text, or as one text instead of a list of one, are understood. */
export function textsAt(args: JsonObject, name: string, most: number): readonly string[] {
  const raw = args[name];
  const value = typeof raw === 'string' ? parsed(raw) : raw;
  const items: readonly unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const texts = items.filter((item) => typeof item === 'string' && item.trim() !== '').map((item) => String(item).trim());
  if (texts.length === 0 || texts.length < items.length)
    throw new RubeRefusal(`${name} must be a list of texts, at least one. Nothing was run.`);
  if (texts.length > most)
    throw new RubeRefusal(`${name} has ${texts.length} entries; at most ${most} are taken in one call. Nothing was run.`);
  return [...new Set(texts)];
}

/** The session that the client goes on with, under its old name or its new one. */
export function sessionIn(args: JsonObject): string | undefined {
  const id = stringAt(args, 'session_id') ?? stringAt(args['session'], 'id');
  if (id !== undefined && id.length > LONGEST_SESSION)
    throw new RubeRefusal(`session_id is longer than ${LONGEST_SESSION} characters. Nothing was run.`);
  return id === '' ? undefined : id;
}
