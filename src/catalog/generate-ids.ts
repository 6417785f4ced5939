/** Writes `close/ids.generated.ts`: which file declares which operation, so that none has to be loaded to know. Run after adding an operation. */
import { readdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { entriesOf, type Loader } from './catalog.ts';
import { files } from './close/files.ts';

const TARGET = new URL('./close/ids.generated.ts', import.meta.url);
const VERBS = ['list', 'create', 'get', 'update', 'delete'];

/** The text of the file, the same on every run: files in their table's order, then nouns by name, then verbs as people expect them. */
export async function renderIds(table: Readonly<Record<string, Loader>> = files): Promise<string> {
  const rows: string[] = [];
  for (const [file, load] of Object.entries(table)) {
    const ids = entriesOf(await load()).map(({ id }) => id);
    rows.push(...ids.toSorted(byNounThenVerb).map((id) => `  '${id}': '${file}',`));
  }
  return [
    '/** Written by src/catalog/generate-ids.ts. */',
    "import type { files } from './files.ts';",
    '',
    'export const ids: Readonly<Record<string, keyof typeof files>> = {',
    ...rows,
    '};',
    '',
  ].join('\n');
}

/** Files of the folder that declare something and are missing in the table. */
export async function unlisted(): Promise<readonly string[]> {
  const folder = new URL('./close/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3));
  const strangers = names.filter((name) => !Object.hasOwn(files, name) && name !== 'index');
  const counts = await Promise.all(strangers.map(async (name) => entriesOf(await import(new URL(`${name}.ts`, folder).href)).length));
  return strangers.filter((_, at) => (counts[at] ?? 0) > 0);
}

function byNounThenVerb(left: string, right: string): number {
  const [leftNoun = '', leftVerb = ''] = left.split('.');
  const [rightNoun = '', rightVerb = ''] = right.split('.');
  return compare(leftNoun, rightNoun) || rank(leftVerb) - rank(rightVerb) || compare(leftVerb, rightVerb);
}

function rank(verb: string): number {
  const at = VERBS.indexOf(verb);
  return at < 0 ? VERBS.length : at;
}

/** By code unit, so that no locale of a machine changes the order. */
function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TARGET, await renderIds());
