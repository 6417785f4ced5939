import type { Binding } from '../contract/binding.ts';
import { isObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { readBinding } from './entries.ts';
import { type Problem, readYaml } from './yaml.ts';

export interface Source {
  readonly backend: string;
  /** For messages. */
  readonly file: string;
  readonly text: string;
  /** Every operation of the app, in the catalogue's order. */
  readonly operations: readonly Operation[];
}

/** A binding that does not hold. The message has one line `file:line: what` per problem. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }
}

/** Compiles one binding file against the catalogue. Throws BindingError naming every problem with its line. */
export function compileBinding({ backend, file, text, operations }: Source): Binding {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) throw new BindingError(file, yaml.problems);
  const read = readBinding(isObject(yaml.value) ? yaml.value : {}, operations);
  if ('binding' in read) return { backend, ...read.binding };
  throw new BindingError(
    file,
    read.findings.map(({ at, message }) => ({ line: yaml.lineOf(at), message })).toSorted((a, b) => a.line - b.line),
  );
}
