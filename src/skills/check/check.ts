/** A skill against the catalogue and the backends: what it needs, what it means, and what runs where. */
import { CLOSE_API } from '../../binding/match.ts';
import { nearest } from '../../catalog/nearest.ts';
import { isIntent } from '../../contract/app.ts';
import type { BackendId } from '../../contract/backend.ts';
import type { Cell } from '../../contract/binding.ts';
import type { Effect, Intent, Operation } from '../../contract/operation.ts';
import { type Diagnostic, diagnosed, type Remark, shown } from '../diagnostics.ts';
import type { Grammar, Need, Skill, Use } from '../read/skill.ts';
import { meansApp } from './about.ts';
import { readArgument } from './arguments.ts';
import { type Resolved, resolveUse } from './resolve.ts';
import type { Vocabulary } from './vocabulary.ts';

/** How a backend runs an operation with the fields that the skill uses. */
export interface Way {
  readonly how: 'tool' | 'proxy' | 'direct' | 'none';
  readonly tool?: string;
  /** The fields that keep it from the backend's tool. */
  readonly fields?: readonly string[];
  readonly why?: string;
}

export interface OperationCheck {
  readonly id: string;
  readonly effect: Effect;
  /** By which names the skill calls it, and where. */
  readonly names: readonly { readonly name: string; readonly line: number; readonly place: Use['place'] }[];
  /** The canonical fields that it uses. */
  readonly fields: readonly string[];
  readonly backends: Readonly<Record<string, Way>>;
}

export interface SkillCheck {
  readonly file: string;
  readonly slug: string;
  readonly name?: string;
  readonly title?: string;
  readonly grammar: Grammar;
  readonly needs: readonly Need[];
  /** Whether it has to do with the app at all. */
  readonly about: boolean;
  readonly connectors: readonly string[];
  readonly operations: readonly OperationCheck[];
  /** Names of other apps' tools, as far as it has any. */
  readonly others: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A check with what it was made from, for who wants to go on with it. */
export interface Examined {
  readonly check: SkillCheck;
  readonly resolved: readonly Resolved[];
}

const MOST_OTHERS = 20;

/** `backends`: those to look at, all of them bound. */
export async function examine(words: Vocabulary, skill: Skill, backends: readonly BackendId[]): Promise<Examined> {
  const named = isNamed(words, skill);
  const uses = [...skill.uses, ...wordUses(words, skill, named)];
  const found = await Promise.all(uses.map((use) => resolveUse(words, use, named)));
  const resolved = found.filter((one) => one !== undefined);
  const operations = await Promise.all(
    [
      ...Map.groupBy(
        resolved.flatMap((one) => one.operations.map((id) => ({ id, one }))),
        ({ id }) => id,
      ),
    ].map(([id, all]) => operationCheck(words, id, { uses: all.map(({ one }) => one), backends })),
  );
  const remarks = [
    ...resolved.flatMap((one) => one.remarks),
    ...(named ? doubtful(words, skill) : []),
    ...workflowRemarks(words, skill),
    ...operations.flatMap(notRunnable),
  ];
  const own = new Set(resolved.map(({ use }) => use));
  const others = [...new Set(uses.filter((use) => !own.has(use)).map(({ name }) => name))].slice(0, MOST_OTHERS);
  const { file, slug, name, title, grammar, needs, connectors } = skill;
  return {
    resolved,
    check: {
      file,
      slug,
      ...(name === undefined ? {} : { name }),
      ...(title === undefined ? {} : { title }),
      grammar,
      needs,
      about: named || resolved.length > 0,
      connectors: connectors.map(({ text }) => text),
      operations,
      others,
      diagnostics: [...skill.diagnostics, ...diagnosed(file, remarks)].toSorted((a, b) => a.line - b.line),
    },
  };
}

/** By a connector, or by a tool that only this app has. */
function isNamed(words: Vocabulary, { connectors, uses, words: written }: Skill): boolean {
  const own = (name: string): boolean => /^[A-Za-z]+_/.test(name) && words.tool(name).length > 0;
  return (
    connectors.some(({ text }) => meansApp(words.app.id, text)) ||
    uses.some(({ name }) => own(name)) ||
    written.some(({ text }) => own(text))
  );
}

/** Words of the text that are exactly the name of a tool and are used nowhere else. Of a key, the app has to be known. */
function wordUses(words: Vocabulary, { uses, words: written }: Skill, named: boolean): readonly Use[] {
  const used = new Set(uses.map(({ name }) => name));
  return written
    .filter(({ text }) => !used.has(text) && words.tool(text).length > 0 && (named || !text.includes('-')))
    .map(
      ({ text, line }) =>
        ({ kind: text.includes('-') ? 'action' : 'tool', name: text, line, place: 'text', arguments: [], complete: false }) as const,
    );
}

/** Words such as `CLOSE_DELETE_LEAD` that nobody has. Only a warning: a text may say of a tool that it does not exist. */
function doubtful({ app, tool, toolNames }: Vocabulary, { uses, words: written }: Skill): readonly Remark[] {
  const used = new Set(uses.map(({ name }) => name));
  const verbs = new Set(app.ids.map((id) => id.split(/[._]/).at(-1)?.toUpperCase()));
  const isLikeTool = (text: string): boolean => text.startsWith(`${app.id.toUpperCase()}_`) && verbs.has(text.split('_')[1]);
  return written
    .filter(({ text }) => !used.has(text) && tool(text).length === 0 && isLikeTool(text))
    .map(({ text, line }) => {
      const close = nearest(text, toolNames).filter((name) => /^[A-Z]/.test(name));
      const fix = close.length > 0 ? `Did you mean ${close.join(', ')}?` : '"skillrouter ops <words>" searches what there is.';
      return { line, code: 'doubtful_tool', what: `no backend has ${shown(text)}`, fix };
    });
}

/** Parameters that a workflow of several steps has in common: each must be an argument of one of its tools. */
function workflowRemarks(words: Vocabulary, { workflows }: Skill): readonly Remark[] {
  return workflows.flatMap(({ steps, parameters }) => {
    const names = steps.flatMap((step) => step.names);
    const tools = names.map((name) => words.tool(name)).filter((known) => known.length > 0);
    if (names.length < 2 || tools.length < names.length) return [];
    return parameters
      .filter(({ of }) => of === undefined)
      .flatMap(({ name, line }): readonly Remark[] => {
        const readings = tools.map((all) => readArgument(words, name, { chosen: all, all }));
        if (readings.some(({ status }) => status === 'published')) return [];
        const understood = readings.find(({ status }) => status === 'understood');
        const what = `none of ${names.slice(0, 4).join(', ')} has an argument ${name}`;
        if (understood)
          return [
            {
              line,
              code: 'unpublished_argument',
              what,
              fix: `Here it is understood as ${understood.field}; at the vendor it is refused or ignored.`,
            },
          ];
        const close = [...new Set(readings.flatMap((one) => one.close))].slice(0, 3);
        return [
          {
            line,
            code: 'unknown_argument',
            what,
            fix: close.length > 0 ? `Did you mean ${close.join(' or ')}?` : '"skillrouter ops show" lists the fields.',
          },
        ];
      });
  });
}

interface Asked {
  readonly uses: readonly Resolved[];
  readonly backends: readonly BackendId[];
}

async function operationCheck(words: Vocabulary, id: string, { uses, backends }: Asked): Promise<OperationCheck> {
  const entry = await words.app.find(id);
  if (entry === undefined) throw new Error(`a binding names ${id}, which the catalogue does not have`);
  const fields = [...new Set(uses.flatMap((one) => [...one.fields.values()]))].toSorted();
  const asked = isIntent(entry) ? await firstStep(entry) : { id, fields };
  const operation = words.operations.find((one) => one.id === asked.id);
  const ways = backends.map((backend) => {
    const cell = words.bindings.find((binding) => binding.backend === backend)?.cells[asked.id];
    return [backend, wayOf(cell, operation, asked.fields)] as const;
  });
  return {
    id,
    effect: entry.effect,
    names: uses.map(({ use }) => ({ name: use.name.replace(CLOSE_API, ''), line: use.line, place: use.place })),
    fields,
    backends: Object.fromEntries(ways),
  };
}

/** An intent decides itself what it asks the app: its example is played up to the first call. */
async function firstStep(entry: Intent): Promise<{ readonly id: string; readonly fields: readonly string[] }> {
  let first: { readonly id: string; readonly fields: readonly string[] } | undefined;
  const stop = new Error('the first step is known');
  const played = entry.run(entry.example, (id, input) => {
    first = { id, fields: Object.keys(input).filter((name) => input[name] !== undefined) };
    return Promise.reject(stop);
  });
  await played.catch((error: unknown) => {
    if (error !== stop) throw error;
  });
  return first ?? { id: entry.operation, fields: [] };
}

function wayOf(cell: Cell | undefined, operation: Operation | undefined, fields: readonly string[]): Way {
  if (cell === undefined) return { how: 'none', why: 'this backend has no binding for it' };
  if (cell.transport === 'none') return { how: 'none', why: cell.why };
  if (cell.transport === 'tool') {
    const heavy = fields.filter((field) => !cell.accepts.includes(field));
    return heavy.length === 0
      ? { how: 'tool', tool: cell.tool }
      : { why: `${cell.tool} cannot carry ${heavy.join(', ')}`, fields: heavy, ...byRequest('proxy', operation, fields) };
  }
  return byRequest(cell.transport, operation, fields);
}

/** The app's own request, unless a field is one that only a tool knows. */
function byRequest(how: 'proxy' | 'direct', operation: Operation | undefined, fields: readonly string[]): Way {
  const { omits = [], restates = {} } = operation?.http ?? {};
  const lost = fields.filter((field) => omits.includes(field) && restates[field] === undefined);
  return lost.length === 0 ? { how } : { how: 'none', why: `the app's own request has no ${lost.join(', ')}` };
}

function notRunnable({ id, names, backends }: OperationCheck): readonly Remark[] {
  const ways = Object.entries(backends);
  if (ways.length === 0 || ways.some(([, { how }]) => how !== 'none')) return [];
  const what = `none of ${ways.map(([backend]) => backend).join(', ')} can run ${id}`;
  return [
    {
      line: names[0]?.line ?? 1,
      code: 'not_runnable',
      what,
      fix: `${ways[0]?.[1].why ?? 'It is not bound'}. "skillrouter coverage" shows who can.`,
    },
  ];
}
