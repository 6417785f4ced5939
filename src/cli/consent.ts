import { createInterface } from 'node:readline/promises';
import { RouterError } from '../contract/errors.ts';
import type { Terminal } from './terminal.ts';

/** Asks a person. Where nobody can be asked, throws `approval_required`: whoever calls has to say so beforehand. */
export async function consent(
  terminal: Terminal,
  question: string,
  refusal: { readonly what: string; readonly next: string },
): Promise<boolean> {
  if (!terminal.interactive) throw new RouterError('approval_required', refusal);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}
