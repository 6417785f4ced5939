import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RouterError } from '../../contract/errors.ts';
import { stringAt } from '../../contract/guards.ts';
import type { Context } from '../context.ts';
import { isSet } from '../flags.ts';
import { guarded } from './guard.ts';

/**
 * `shim`: a command named `membrane`, where the user wants it. The package itself brings none: two other programs already go by
 * that name. Source: backends/membrane.md §7
 */
export const shim = guarded(async (context, [folder = ''], values) => {
  const { terminal } = context;
  const words = [process.execPath, process.argv[1] ?? '', ...commonFlags(context), 'membrane'];
  const windows = process.platform === 'win32';
  const file = join(resolve(folder), windows ? 'membrane.cmd' : 'membrane');
  const text = windows ? `@${words.map((word) => `"${word}"`).join(' ')} %*\r\n` : `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`;
  if (existsSync(file) && !isSet(values, 'force')) {
    throw new RouterError('configuration', {
      what: `there is a ${file} already`,
      next: 'Take another folder, or --force to overwrite it.',
    });
  }
  save(file, folder, text);
  if (terminal.json) return terminal.result({ file });
  terminal.print(file);
  terminal.say('Where this folder comes first in PATH, "membrane" is this router.');
});

/** The flags of this call go into the shim: a skill that runs elsewhere finds the same configuration. */
function commonFlags({ config, user, via, sandbox }: Context): readonly string[] {
  return [
    ...(config === undefined ? [] : ['--config', resolve(config)]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(via === undefined ? [] : ['--via', via]),
    ...(sandbox ? ['--sandbox'] : []),
  ];
}

/** As a POSIX shell takes it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function save(file: string, folder: string, text: string): void {
  try {
    mkdirSync(resolve(folder), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  } catch (cause) {
    const why = stringAt(cause, 'code') ?? 'unknown reason';
    throw new RouterError('configuration', { what: `${file} cannot be written (${why})`, next: 'Choose another folder.' }, { cause });
  }
}
