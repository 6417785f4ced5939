import { isObject } from '../contract/guards.ts';
import type { Path, Problem } from './check.ts';
import type { Shape } from './shape.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

export interface Filled {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Replaces `${NAME}` in every text. A name that is unset or empty is a problem of its place. */
export function fill(value: unknown, environment: Environment, path: Path = []): Filled {
  if (typeof value === 'string') return fillText(value, environment, path);
  if (Array.isArray(value))
    return gather(
      value.map((item, at) => [String(at), fill(item, environment, [...path, String(at)])]),
      true,
    );
  if (!isObject(value)) return { value, problems: [] };
  return gather(
    Object.entries(value).map(([key, item]) => [key, fill(item, environment, [...path, key])]),
    false,
  );
}

function fillText(text: string, environment: Environment, path: Path): Filled {
  const unset = [...text.matchAll(REFERENCE)].map(([, name = '']) => name).filter((name) => !environment[name]);
  const filled = text.replaceAll(REFERENCE, (_, name: string) => environment[name] ?? '');
  return { value: filled, problems: unset.map((name) => ({ path, problem: `the environment variable ${name} is not set`, unset: name })) };
}

function gather(parts: readonly (readonly [string, Filled])[], list: boolean): Filled {
  const value = list ? parts.map(([, { value }]) => value) : Object.fromEntries(parts.map(([key, { value }]) => [key, value]));
  return { value, problems: parts.flatMap(([, { problems }]) => problems) };
}

/** Secrets that stand in the file itself, where a version control would keep them for ever. */
export function literalSecrets(shape: Shape, value: unknown, path: Path = []): readonly Problem[] {
  switch (shape.kind) {
    case 'text':
      return shape.secret && typeof value === 'string' && value.search(REFERENCE) === -1
        ? [{ path, problem: `a secret must not stand in the file; write \${${variableFor(path)}} and set that variable` }]
        : [];
    case 'secrets':
      return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => literalSecrets(ONE_SECRET, one, path));
    case 'record':
      return entriesOf(value).flatMap(([key, item]) => literalSecrets(shape.of, item, [...path, key]));
    case 'object':
      return entriesOf(value).flatMap(([key, item]) => {
        const inner = shape.keys[key];
        return inner ? literalSecrets(inner, item, [...path, key]) : [];
      });
    case 'text-or-object':
      return literalSecrets(shape.object, value, path);
    case 'secrets-or-object':
      return literalSecrets(isObject(value) ? shape.object : { kind: 'secrets' }, value, path);
    default:
      return [];
  }
}

const ONE_SECRET: Shape = { kind: 'text', secret: true };

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

/** As `init` and the documents name it; Close's own key is that of the backend `rest`. */
function variableFor(path: Path): string {
  return path
    .filter((part) => !['backends', 'users', '*'].includes(part))
    .map((part) => (part === 'rest' ? 'close' : part))
    .join('_')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_');
}
