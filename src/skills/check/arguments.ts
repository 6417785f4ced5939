/** The arguments that a skill gives to a backend's tool, held against what the tool has and against what is understood here. */

import type { ToolSignature } from '../../binding/arguments.ts';
import { kindsOf } from '../../binding/kinds.ts';
import { nearest } from '../../catalog/nearest.ts';
import { type Remark, shown } from '../diagnostics.ts';
import type { Argument, Use } from '../read/skill.ts';
import type { Resolved } from './resolve.ts';
import type { KnownTool, Vocabulary } from './vocabulary.ts';

interface Meaning {
  /** The cells that the arguments leave over. */
  readonly chosen: readonly KnownTool[];
  /** Every cell of the tool. */
  readonly all: readonly KnownTool[];
}

export function checkArguments(words: Vocabulary, use: Use, meaning: Meaning): Pick<Resolved, 'fields' | 'remarks'> {
  const fields = new Map<string, string>();
  const remarks: Remark[] = [];
  for (const argument of use.arguments) {
    const read = readArgument(words, argument.name, meaning);
    if (read.field !== undefined) fields.set(argument.name, read.field);
    if (read.status !== 'published') remarks.push(remarkOf(use, argument, read, meaning));
  }
  const missing = use.arguments.length > 0 && use.place !== 'table' ? missingFrom(words, use, meaning) : [];
  return { fields, remarks: [...remarks, ...missing] };
}

export interface ReadArgument {
  /** `understood`: not published, but a door takes it. `own`: the catalogue's name, which no tool has. */
  readonly status: 'published' | 'understood' | 'own' | 'unknown';
  /** The canonical field. Absent: it is published, and nothing here carries it. */
  readonly field?: string;
  readonly close: readonly string[];
}

/** `contacts[0].name` and `custom.cf_x` belong to the field before the first dot. */
export function readArgument(words: Vocabulary, written: string, { chosen, all }: Meaning): ReadArgument {
  const name = written.split(/[.[]/, 1)[0] ?? written;
  const plain = all.filter(({ inbound }) => !inbound);
  const signature = signatureOf(words, all);
  const published = plain.flatMap((one) => theirs(one, name)).at(0);
  const isPublished = signature === undefined ? published !== undefined : Object.hasOwn(signature.inputs, name);
  if (isPublished || isConstant(plain, name))
    return { status: 'published', close: [], ...(published === undefined ? {} : { field: published }) };
  const legacy = [...chosen, ...all]
    .flatMap((one) => [...theirs(one, name), ...(one.cell.also?.[name] === undefined ? [] : [one.cell.also[name]])])
    .at(0);
  if (legacy !== undefined) return { status: 'understood', field: legacy, close: [] };
  const own = chosen.flatMap(({ operation }) => canonical(words, operation));
  const known = signature === undefined ? plain.flatMap(namesOf) : Object.keys(signature.inputs);
  // Where a vendor publishes no schema, the command and the door take the catalogue's names too.
  if (own.includes(name)) return { status: signature === undefined ? 'published' : 'own', field: name, close: nearest(name, known, 2) };
  return { status: 'unknown', close: nearest(name, [...new Set([...known, ...(signature === undefined ? own : [])])], 2) };
}

function remarkOf(use: Use, { name, line }: Argument, { status, field, close }: ReadArgument, { chosen }: Meaning): Remark {
  const what = `${shown(use.name)} has no argument ${shown(name, 40)}`;
  const operation = chosen[0]?.operation ?? '';
  if (status === 'understood')
    return {
      line,
      code: 'unpublished_argument',
      what,
      fix: `Here it is understood as ${field} of ${operation}; at the vendor it is refused or ignored.`,
    };
  const hint = close.length > 0 ? `Did you mean ${close.join(' or ')}?` : '"skillrouter ops show" lists the fields.';
  if (status === 'own')
    return { line, code: 'unknown_argument', what, fix: `${hint} The operation ${operation} has a field of that name.` };
  return { line, code: 'unknown_argument', what, fix: hint };
}

/** Needed by the tool and named nowhere: a skill may leave out what is optional, not that. */
function missingFrom(words: Vocabulary, use: Use, { chosen, all }: Meaning): readonly Remark[] {
  const [first] = chosen;
  if (first === undefined || chosen.length > 1) return [];
  const given = new Set(use.arguments.map(({ name }) => name.split(/[.[]/, 1)[0] ?? name));
  const fields = new Set([...given].map((name) => readArgument(words, name, { chosen, all }).field));
  const signature = first.inbound ? undefined : signatureOf(words, all);
  const needed = signature?.required ?? neededBy(words, first);
  const constant = Object.keys(first.cell.constants ?? {});
  const missing = needed.filter((name) => !given.has(name) && !constant.includes(name) && !fields.has(theirs(first, name)[0] ?? name));
  if (missing.length === 0) return [];
  const what = `${shown(use.name)} also needs ${missing.join(', ')}`;
  return [{ line: use.line, code: 'missing_argument', what, fix: 'Name it in the skill, so that an agent gives it at once.' }];
}

function neededBy(words: Vocabulary, { operation, cell }: KnownTool): readonly string[] {
  const found = words.operations.find(({ id }) => id === operation);
  const required = found === undefined ? [] : Object.entries(kindsOf(found)).flatMap(([name, kind]) => (kind.required ? [name] : []));
  return [...new Set([...required, ...(cell.needs ?? [])])].map((name) => cell.rename?.[name] ?? name);
}

function canonical(words: Vocabulary, operation: string): readonly string[] {
  const found = words.operations.find(({ id }) => id === operation);
  return found === undefined ? [] : Object.keys(kindsOf(found));
}

/** The canonical field that a cell carries under this name, if any. */
function theirs({ cell }: KnownTool, name: string): readonly string[] {
  return cell.accepts.filter((field) => (cell.rename?.[field] ?? field) === name).slice(0, 1);
}

function namesOf({ cell }: KnownTool): readonly string[] {
  return cell.accepts.map((field) => cell.rename?.[field] ?? field);
}

function isConstant(tools: readonly KnownTool[], name: string): boolean {
  return tools.some(({ cell }) => Object.hasOwn(cell.constants ?? {}, name));
}

function signatureOf(words: Vocabulary, [first]: readonly KnownTool[]): ToolSignature | undefined {
  return first && words.signature(first.backend, first.cell.tool);
}
