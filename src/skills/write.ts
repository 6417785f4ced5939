/** Writes a skill's folder: only below the folder that was asked for, and never over what somebody else wrote. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RouterError } from '../contract/errors.ts';
import { stringAt } from '../contract/guards.ts';

export interface WriteSkill {
  /** The folder that holds skills. */
  readonly out: string;
  readonly name: string;
  /** Path inside the skill → text. */
  readonly files: ReadonlyMap<string, string>;
  /** Overwrite a skill that was written by somebody else. */
  readonly force: boolean;
  /** Pages of an earlier run that may be there, and are taken away when they are not in `files`. */
  readonly stale?: readonly string[];
}

/** The folder that was written. Throws `configuration` when something else is there, or when it cannot be written. */
export function writeSkill({ out, name, files, force, stale = [] }: WriteSkill): string {
  const folder = join(out, name);
  for (const path of [folder, ...[...files.keys()].map((file) => join(folder, file))]) refuseLink(path);
  const page = join(folder, 'SKILL.md');
  if (!force && existsSync(page) && !readFileSync(page, 'utf8').slice(0, 4000).includes('\n  skillrouter-app: ')) {
    throw wrong(`${page} is there already, and skillrouter did not write it`, 'Choose another folder, or --force to overwrite it.');
  }
  reachable(folder, () => {
    for (const path of stale) if (!files.has(path)) rmSync(join(folder, path), { force: true });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  return folder;
}

/** A link could lead the text anywhere. */
function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw wrong(`${path} is a symbolic link`, 'Choose another folder, or remove the link.');
}

function reachable(folder: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw wrong(`${folder} cannot be written (${stringAt(cause, 'code') ?? 'unknown reason'})`, 'Choose another folder.', cause);
  }
}

function wrong(what: string, next: string, cause?: unknown): RouterError {
  return new RouterError('configuration', { what, next }, { cause });
}
