import { isObject } from '../../contract/guards.ts';
import type { Guess } from '../../contract/verification.ts';
import { typeOf } from '../judge.ts';
import type { Exchange } from './cassette.ts';

/** status or path → types seen there. */
type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** Where what the sandbox answers is not like what was recorded: statuses, fields that are missing or too many, types. */
export function guessesOf(recorded: readonly Exchange[], sandbox: readonly Exchange[]): readonly Guess[] {
  const [theirs, ours] = [shapesOf(recorded), shapesOf(sandbox)];
  return [...theirs].flatMap(([key, shape]) => {
    const own = ours.get(key);
    const [backend = '', operation = '', kind = ''] = key.split(' ');
    if (!own) return [];
    return compared(shape, own).map(([at, there, here]) => ({ backend, operation, at: `${kind} ${at}`, recorded: there, sandbox: here }));
  });
}

function compared(recorded: Shape, sandbox: Shape): readonly (readonly [at: string, recorded: string, sandbox: string])[] {
  return [...new Set([...recorded.keys(), ...sandbox.keys()])].toSorted().flatMap((at) => {
    const [there, here] = [recorded.get(at), sandbox.get(at)];
    // Where one side has no object at all, nothing is known of its fields.
    if (!(there && here) && !(recorded.has(parentOf(at)) && sandbox.has(parentOf(at)))) return [];
    const [one, other] = [textOf(there), textOf(here)];
    return one === other || isNullOnly(one) || isNullOnly(other) ? [] : [[at, one, other] as const];
  });
}

function textOf(types: ReadonlySet<string> | undefined): string {
  return types === undefined
    ? 'nothing'
    : [...types]
        .filter((type) => type !== 'null' || types.size === 1)
        .toSorted()
        .join('|');
}

function isNullOnly(types: string): boolean {
  return types === 'null';
}

function parentOf(at: string): string {
  const dot = at.lastIndexOf('.');
  return dot === -1 ? 'body' : at.slice(0, dot);
}

function shapesOf(exchanges: readonly Exchange[]): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Map<string, Set<string>>>();
  for (const { backend, operation, request, reply } of exchanges) {
    const key = `${backend} ${operation} ${request.kind}`;
    const shape = shapes.get(key) ?? new Map<string, Set<string>>();
    shapes.set(key, shape);
    const status =
      reply.kind === 'failed'
        ? `${reply.failure.code} ${reply.failure.status ?? ''}`.trim()
        : reply.kind === 'http'
          ? String(reply.status)
          : 'ok';
    note(shape, 'status', status);
    if (reply.kind !== 'failed' && isSuccess(reply)) walk(reply.kind === 'tool' ? reply.data : reply.body, 'body', shape);
  }
  return shapes;
}

function isSuccess(reply: { readonly kind: string; readonly status?: number }): boolean {
  return reply.kind === 'tool' || (reply.status ?? 0) < 300;
}

function walk(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  note(shape, path, typeOf(value));
  if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`, shape);
  if (isObject(value))
    for (const [key, item] of Object.entries(value)) walk(item, `${path}.${/^(?:custom\.)?cf_/.test(key) ? 'cf_' : key}`, shape);
}

function note(shape: Map<string, Set<string>>, at: string, type: string): void {
  const types = shape.get(at) ?? new Set<string>();
  types.add(type);
  shape.set(at, types);
}
