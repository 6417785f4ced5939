/** What one use of a tool, action, operation or request means in canonical words, and what is wrong with it. */
import { nearest } from '../../catalog/nearest.ts';
import { searchOperations } from '../../catalog/search.ts';
import type { BackendId } from '../../contract/backend.ts';
import { type Remark, shown } from '../diagnostics.ts';
import type { Use } from '../read/skill.ts';
import { checkArguments } from './arguments.ts';
import { checkInput } from './input.ts';
import { readUse } from './request.ts';
import type { KnownTool, Vocabulary } from './vocabulary.ts';

export interface Resolved {
  readonly use: Use;
  /** Canonical ids without the app; more than one where only an argument would tell. */
  readonly operations: readonly string[];
  /** The canonical fields that are used here: theirs → ours. */
  readonly fields: ReadonlyMap<string, string>;
  readonly remarks: readonly Remark[];
  /** Whose name it is. */
  readonly backend?: BackendId;
}

/** undefined: it is nothing of this app. `isAbout`: the skill says that it is about the app. */
export async function resolveUse(words: Vocabulary, use: Use, isAbout: boolean): Promise<Resolved | undefined> {
  switch (use.kind) {
    case 'tool':
      return resolveTool(words, use, isAbout);
    case 'action':
      return isAbout ? resolveAction(words, use) : undefined;
    case 'operation':
      return resolveOperation(words, use);
    default:
      return resolveRequest(words, use, isAbout);
  }
}

/** A slug begins with its toolkit. In lower case `close_page` may be anything: it is a mistake only in a skill about the app. */
async function resolveTool(words: Vocabulary, use: Use, isAbout: boolean): Promise<Resolved | undefined> {
  const known = words.tool(use.name);
  if (known.length > 0) return meant(words, use, known);
  const { id } = words.app;
  const isOurs = use.name.startsWith(`${id.toUpperCase()}_`) || (isAbout && use.name.startsWith(`${id}_`));
  return isOurs ? unknown(words, use) : undefined;
}

/** Of the operations behind one tool, those that the arguments leave over. */
function meant(words: Vocabulary, use: Use, known: readonly KnownTool[]): Resolved {
  const names = use.arguments.map(({ name }) => name);
  const value = (name: string): unknown => use.arguments.find((one) => one.name === name)?.value;
  const fits = ({ cell }: Pick<KnownTool, 'cell'>): boolean =>
    Object.entries(cell.constants ?? {}).every(([name, constant]) => value(name) === undefined || value(name) === constant);
  const told = known.filter(({ cell }) => cell.doorOnly?.some((name) => names.includes(name)) && fits({ cell }));
  const plain = known.filter((one) => one.cell.doorOnly === undefined && !one.inbound && fits(one));
  const chosen = told.length > 0 ? told : plain.length > 0 ? plain : known.slice(0, 1);
  const operations = [...new Set(chosen.map(({ operation }) => operation))];
  const read = checkArguments(words, use, { chosen, all: known });
  const backend = known[0]?.backend;
  return { use, operations, ...read, ...(backend === undefined ? {} : { backend }) };
}

async function resolveAction(words: Vocabulary, use: Use): Promise<Resolved> {
  const known = words.tool(use.name);
  if (known.length > 0) return meant(words, use, known);
  const operation = words.action(use.name);
  if (operation === undefined) return unknown(words, use);
  return { use, operations: [operation], ...(await checkInput(words, operation, use)), backend: 'membrane' };
}

async function resolveOperation(words: Vocabulary, use: Use): Promise<Resolved | undefined> {
  const { app } = words;
  const id = use.name.startsWith(`${app.id}.`) ? use.name.slice(app.id.length + 1) : use.name;
  if (app.ids.includes(id)) return { use, operations: [id], ...(await checkInput(words, id, use)) };
  const close = nearest(id, app.ids);
  const fix =
    close.length > 0
      ? `Did you mean ${close.join(', ')}? "skillrouter ops <words>" searches all.`
      : '"skillrouter ops <words>" searches all operations.';
  return {
    use,
    operations: [],
    fields: new Map(),
    remarks: [{ line: use.line, code: 'unknown_operation', what: `there is no operation ${shown(id)}`, fix }],
  };
}

async function resolveRequest(words: Vocabulary, use: Use, isAbout: boolean): Promise<Resolved | undefined> {
  const read = await readUse(words.app, use, isAbout);
  if (read === undefined) return undefined;
  if ('remark' in read) return { use, operations: [], fields: new Map(), remarks: [read.remark] };
  const given = Object.entries(read.input).map(([name, value]) => ({ name, line: use.line, value }));
  return { use, operations: [read.operation], ...(await checkInput(words, read.operation, { ...use, arguments: given })) };
}

/** A name of the app's that nobody has: the nearest that somebody has, and the operation that its words ask for. */
async function unknown(words: Vocabulary, use: Use): Promise<Resolved> {
  const upper = /^[A-Z]/.test(use.name);
  const alike = words.toolNames.filter((name) => /^[A-Z]/.test(name) === upper && name.includes('-') === use.name.includes('-'));
  const close = nearest(use.name, alike).filter((name) => shareWords(name, use.name));
  const [operation] = await searchOperations(words.app, use.name.replaceAll(/[_-]/g, ' ').toLowerCase().replace(words.app.id, ''));
  const fixes = [
    close.length > 0 ? `The nearest ${close.length > 1 ? 'are' : 'is'} ${close.join(', ')}.` : '',
    operation === undefined ? '' : `The operation ${operation.id} may be meant: it runs over every connection.`,
  ];
  const fix = fixes.filter(Boolean).join(' ') || 'Search with "skillrouter ops <words>".';
  return {
    use,
    operations: [],
    fields: new Map(),
    remarks: [{ line: use.line, code: 'unknown_tool', what: `no backend has ${shown(use.name)}`, fix }],
  };
}

/** More in common than the name of the app. */
function shareWords(a: string, b: string): boolean {
  const parts = (name: string): readonly string[] => name.toLowerCase().split(/[_-]/).slice(1);
  return parts(a).some((part) => parts(b).some((other) => part.replace(/(?:ies|y|s)$/, '') === other.replace(/(?:ies|y|s)$/, '')));
}
