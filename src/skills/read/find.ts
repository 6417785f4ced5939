/** Finds the skills below paths that a user names. Follows no link out of them, and no folder for ever. */
import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { RouterError } from '../../contract/errors.ts';
import { stringAt } from '../../contract/guards.ts';
import type { Remark } from '../diagnostics.ts';

/** Deeper than any host looks. */
const DEEPEST = 12;
const MOST_FOLDERS = 50_000;
const MOST_FILES = 20_000;

/** Hold no skills of their own, and many files. */
const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules', '.hg', '.svn']);

export interface FoundFile {
  /** As the user would name it. */
  readonly file: string;
  /** Links in it must stay below this folder. */
  readonly root: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** About files and folders that were not taken. */
  readonly remarks: readonly (Remark & { readonly file: string })[];
}

/** A path may be a file of any name, or a folder. Throws `invalid_input` for one that is neither. */
export function findSkills(paths: readonly string[]): Found {
  const search = new Search();
  for (const path of paths) search.path(path);
  return search;
}

class Search implements Found {
  readonly files: FoundFile[] = [];
  readonly remarks: (Remark & { readonly file: string })[] = [];
  readonly #seen = new Set<string>();
  #folders = 0;
  #isFull = false;

  path(path: string): void {
    const found = existing(path);
    if (found.isDirectory()) this.#folder({ path, root: path, depth: 1 });
    else if (found.isFile()) this.#file(path, join(path, '..'));
    else throw wrong(`${path} is neither a file nor a folder`);
  }

  #file(file: string, root: string): void {
    const real = realpathSync(file);
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    if (this.files.length < MOST_FILES) this.files.push({ file, root });
    else this.#full(file);
  }

  #folder({ path, root, depth }: { readonly path: string; readonly root: string; readonly depth: number }): void {
    const real = realpathSync(path);
    this.#folders += 1;
    if (this.#seen.has(real)) return;
    this.#seen.add(real);
    if (depth > DEEPEST || this.#folders > MOST_FOLDERS) {
      this.#full(path);
      return;
    }
    for (const entry of this.#entries(path)) this.#entry(join(path, entry.name), entry, { root, depth });
  }

  #entry(path: string, entry: Dirent, { root, depth }: { readonly root: string; readonly depth: number }): void {
    if (SKIPPED.has(entry.name)) return;
    if (!entry.isSymbolicLink()) {
      if (entry.isDirectory()) this.#folder({ path, root, depth: depth + 1 });
      else if (entry.isFile() && isSkillName(entry.name)) this.#file(path, join(path, '..'));
      return;
    }
    const target = targetOf(path);
    if (target === undefined) return;
    if (!isInside(realpathSync(root), target)) {
      if (isSkillName(entry.name) || lstatSync(target).isDirectory()) this.#outside(path);
      return;
    }
    const kind = lstatSync(target);
    if (kind.isDirectory()) this.#folder({ path, root, depth: depth + 1 });
    else if (kind.isFile() && isSkillName(entry.name)) this.#file(path, join(path, '..'));
  }

  /** Sorted by name, so that two machines see the same order. */
  #entries(path: string): readonly Dirent[] {
    try {
      return readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const what = `the folder cannot be read (${stringAt(error, 'code') ?? 'unknown reason'})`;
      this.remarks.push({ file: path, line: 1, code: 'unreadable_file', what, fix: 'Check its permissions.' });
      return [];
    }
  }

  #outside(path: string): void {
    const what = 'a symbolic link leads out of the folder that was named; it was not followed';
    this.remarks.push({ file: path, line: 1, code: 'link_outside', what, fix: 'Name its target itself, if it is to be looked at.' });
  }

  #full(path: string): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const what = `here the search ended: more than ${MOST_FILES} skills, ${MOST_FOLDERS} folders or ${DEEPEST} levels`;
    this.remarks.push({ file: path, line: 1, code: 'too_many_files', what, fix: 'Name the folders that you mean.' });
  }
}

function isSkillName(name: string): boolean {
  return name.toLowerCase() === 'skill.md';
}

function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // it leads nowhere, or in a ring
  }
}

/** Whether a path lies below a folder; both are real paths. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^(?:[A-Za-z]:|[\\/])/.test(way));
}

function existing(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (cause) {
    const why = stringAt(cause, 'code') === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw wrong(`${basename(path) === '' ? 'the path' : path} ${why}`, cause);
  }
}

function wrong(what: string, cause?: unknown): RouterError {
  return new RouterError('invalid_input', { what, next: 'Name a SKILL.md, or a folder that holds skills.' }, { cause });
}
