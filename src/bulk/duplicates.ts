import { type Mark, marksOf } from '../catalog/close/twins.ts';
import { isIntent } from '../contract/app.ts';
import type { BulkRequest, RowProblem } from '../contract/bulk.ts';
import { errorFromJson, RouterError } from '../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { requestHash } from '../router/request-hash.ts';
import type { BulkParts } from './parts.ts';
import { Seen } from './seen.ts';

/** Says of a row whether the same was probably there before. */
export type Duplicates = (line: number, input: JsonObject) => Promise<RowProblem | undefined>;

/** Only what makes something new can make it a second time; another update of the same object is none. */
export function duplicatesOf(
  parts: BulkParts,
  entry: Operation | Intent,
  { duplicates, user, via }: BulkRequest,
  signal: AbortSignal,
): Duplicates {
  const repeatable = isIntent(entry) ? entry.effect === 'read' : entry.idempotent;
  if (duplicates === 'off' || repeatable) return async () => undefined;
  if (duplicates === 'app' && marksOf(entry.id, entry.example).every(({ find }) => find === undefined)) throw unfindable(entry);
  const within = duplicatesWithin(entry);
  if (duplicates === 'file') return async (line, input) => within(line, input);
  const look = finder(parts, entry, { user, ...(via === undefined ? {} : { via }), signal });
  return async (line, input) => within(line, input) ?? (await duplicateInApp(look, line, marksOf(entry.id, input)));
}

function duplicatesWithin(entry: Operation | Intent): (line: number, input: JsonObject) => RowProblem | undefined {
  const seen = new Seen();
  return (line, input) => {
    const marks = marksOf(entry.id, input);
    const known = marks.length > 0 ? marks : [{ trait: 'everything', value: requestHash(entry.id, input) }];
    const before = known.map(({ trait, value }) => ({ trait, first: seen.first(`${trait} ${value}`, line) }));
    const twin = before.find(({ first }) => first !== undefined && first !== line);
    return twin && problem(line, `is probably the same as line ${twin.first} (${twin.trait})`, twin.trait);
  };
}

type Finder = (mark: Mark) => Promise<string | undefined>;

async function duplicateInApp(look: Finder, line: number, marks: readonly Mark[]): Promise<RowProblem | undefined> {
  for (const mark of marks) {
    const found = await look(mark);
    if (found !== undefined) return problem(line, `is probably there already (${mark.trait}): ${found}`, mark.trait);
  }
  return undefined;
}

/** Asks the app, and waits as long as it wants. Throws what else goes wrong: unchecked rows are not sent as if they were checked. */
function finder(
  { run, pause }: BulkParts,
  { app }: Operation | Intent,
  options: { readonly user: string; readonly via?: string; readonly signal: AbortSignal },
): Finder {
  return async ({ find }) => {
    if (find === undefined) return undefined;
    for (;;) {
      const report = await run(`${app}.${find.operation}`, find.input, { ...options, bulk: true });
      if (report.ok) return firstId(report.data);
      const { code, details } = report.error;
      if (code !== 'rate_limited') throw errorFromJson(report.error);
      await pause(Number(details['retry_after_ms'] ?? DEFAULT_WAIT_MS), options.signal);
    }
  };
}

/** The wait that Close itself advises when a 429 names none. Source: backends/close-rest.md §7. */
const DEFAULT_WAIT_MS = 2000;

function firstId(data: unknown): string | undefined {
  const list = isObject(data) && Array.isArray(data['data']) ? data['data'] : [];
  return stringAt(list[0], 'id');
}

function problem(line: number, what: string, trait: string): RowProblem {
  return { line, code: 'conflict', what, fields: [trait] };
}

function unfindable({ app, id }: Operation | Intent): RouterError {
  return new RouterError('invalid_input', {
    operation: `${app}.${id}`,
    what: 'nothing tells what the app has of this kind already',
    next: 'Take --duplicates file, which compares the rows of the file; nothing was sent.',
  });
}
