import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

export const ROOT: string = dirname(dirname(import.meta.dirname));

export interface Import {
  /** As written: `./rows.ts`, `zod`, `node:fs`. */
  readonly specifier: string;
  /** The file of ours that it names, from the repository's root. */
  readonly file?: string;
  readonly kind: 'value' | 'type' | 'dynamic';
}

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
}

// Good enough for our own files: the formatter leaves one spelling of an import, and none of them stands in a template.
const STATIC = /^(?:import|export)\b(?!\s*\()([^'";]*?\bfrom\s*|\s*)'([^']+)'/gm;
const DYNAMIC = /\b(typeof\s+)?import\(\s*'([^']+)'/g;

/** Every source file of `src` and `adapters` with what it imports. */
export function sources(): readonly Source[] {
  const paths = globSync(['src/**/*.ts', 'adapters/**/*.ts'], { cwd: ROOT }).map((path) => path.replaceAll('\\', '/'));
  return paths.toSorted().map((path) => ({ path, imports: importsOf(path, textOf(path)) }));
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function importsOf(path: string, text: string): readonly Import[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const fixed = [...code.matchAll(STATIC)].map(([, clause = '', specifier = '']) =>
    found(path, specifier, isTypeOnly(clause) ? 'type' : 'value'),
  );
  const lazy = [...code.matchAll(DYNAMIC)].map(([, type, specifier = '']) =>
    found(path, specifier, type === undefined ? 'dynamic' : 'type'),
  );
  return [...fixed, ...lazy];
}

function isTypeOnly(clause: string): boolean {
  const names = /^\s*\{([^}]*)\}/
    .exec(clause)?.[1]
    ?.split(',')
    .map((name) => name.trim());
  return /^\s*type\b/.test(clause) || (names?.filter(Boolean).every((name) => name.startsWith('type ')) ?? false);
}

function found(path: string, specifier: string, kind: Import['kind']): Import {
  if (!specifier.startsWith('.')) return { specifier, kind };
  return { specifier, kind, file: posix.join(posix.dirname(path), specifier) };
}
