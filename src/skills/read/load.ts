/** Reads skills from disk: bounded, and never through a link that leads out of a skill's folder. */
import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringAt } from '../../contract/guards.ts';
import { type Diagnostic, diagnosed, type Remark, shown } from '../diagnostics.ts';
import type { Link } from './blocks.ts';
import { type FoundFile, findSkills, isInside } from './find.ts';
import { readSkill } from './read.ts';
import type { Skill } from './skill.ts';

/** Several times the longest skill that was ever seen, and a bound for the time that parsing takes. */
const LARGEST_BYTES = 128 * 1024;

export type Loaded =
  | { readonly skill: Skill }
  /** About what is no skill: folders, links, files that cannot be read. */
  | { readonly diagnostics: readonly Diagnostic[] };

/** Every skill below the paths, one at a time: a tree of thousands never stands in memory. Throws `invalid_input` for a path that does not exist. */
export function* loadSkills(paths: readonly string[]): Generator<Loaded> {
  const found = findSkills(paths);
  for (const { file, ...remark } of found.remarks) yield { diagnostics: diagnosed(file, [remark]) };
  for (const file of found.files) yield loadOne(file);
}

function loadOne({ file, root }: FoundFile): Loaded {
  let bytes: { readonly bytes: Uint8Array; readonly remarks: readonly Remark[] };
  try {
    bytes = beginning(file);
  } catch (error) {
    const what = `the file cannot be read (${stringAt(error, 'code') ?? 'unknown reason'})`;
    return { diagnostics: diagnosed(file, [{ line: 1, code: 'unreadable_file', what, fix: 'Check its permissions.' }]) };
  }
  const { skill, links } = readSkill(file, bytes.bytes, bytes.remarks);
  const told = diagnosed(
    file,
    links.flatMap((link) => linkRemark(link, root)),
  );
  return { skill: { ...skill, diagnostics: [...skill.diagnostics, ...told].toSorted((a, b) => a.line - b.line) } };
}

function beginning(file: string): { readonly bytes: Uint8Array; readonly remarks: readonly Remark[] } {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const buffer = new Uint8Array(Math.min(size, LARGEST_BYTES));
    let length = 0;
    for (let got = -1; got !== 0 && length < buffer.length; length += got)
      got = readSync(handle, buffer, length, buffer.length - length, length);
    if (size <= LARGEST_BYTES) return { bytes: buffer.subarray(0, length), remarks: [] };
    const cut = buffer.lastIndexOf(0x0a) + 1;
    const what = `the file has ${size} bytes; only the first ${LARGEST_BYTES} were read`;
    const remark: Remark = { line: 1, code: 'file_too_large', what, fix: 'Move details into files of their own, below references/.' };
    return { bytes: buffer.subarray(0, cut > 0 ? cut : length), remarks: [remark] };
  } finally {
    closeSync(handle);
  }
}

/** Only looks whether a file is there, and only inside the skill's own folder. */
function linkRemark({ url, line }: Link, root: string): readonly Remark[] {
  const [path = ''] = url.split(/[?#]/, 1);
  if (path === '' || /^(?:https?|mailto|tel|skill|data):|^\/\//i.test(path)) return [];
  const fix = 'Keep what a skill needs in its own folder; nothing else was opened.';
  const told = `the link to ${JSON.stringify(shown(url, 60))}`;
  const decoded = unescaped(path);
  const target = resolve(root, decoded);
  if (/^[a-z][a-z\d+.-]*:|^[\\/]|\\/i.test(decoded) || decoded.includes('\0') || !isInside(resolve(root), target)) {
    return [{ line, code: 'link_escapes', what: `${told} leads out of the skill's folder`, fix }];
  }
  if (!existsSync(target))
    return [{ line, code: 'link_missing', what: `${told} leads to a file that is not there`, fix: 'Correct the path, or add the file.' }];
  return isInside(realpathSync(root), realpathSync(target))
    ? []
    : [{ line, code: 'link_escapes', what: `${told} leads out of the skill's folder`, fix }];
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
