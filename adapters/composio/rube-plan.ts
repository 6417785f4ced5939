import type { Toolbox, ToolPage } from '../../src/binding/toolbox.ts';
import { isObject, isStrings, stringAt } from '../../src/contract/guards.ts';
import type { Prefix } from './rube-desk.ts';

/** Which tools serve a use case, and in which order. */
export interface Plan {
  readonly primary: readonly ToolPage[];
  readonly related: readonly ToolPage[];
  readonly steps: readonly string[];
}

/** A search of Composio gives four to six tools. */
const PRIMARY = 2;
const RELATED = 4;

/** The tools for a use case; what the first of them needs and the caller does not have is looked up before. */
export async function planOf(toolbox: Toolbox, prefix: Prefix, useCase: string, known: readonly string[]): Promise<Plan> {
  const names = await toolbox.search(withoutAppName(useCase));
  const primary = await pagesOf(toolbox, names.slice(0, PRIMARY));
  const [best] = primary;
  const lookups = best ? lookupsFor(toolbox, best).filter(({ field }) => !known.includes(field)) : [];
  const wanted = [...lookups.map(({ name }) => name), ...names.slice(PRIMARY)];
  const others = [...new Set(wanted)].filter((name) => !names.slice(0, PRIMARY).includes(name)).slice(0, RELATED);
  const related = await pagesOf(toolbox, others);
  return { primary, related, steps: best ? [...lookups.map(stepFor), ...mainSteps(best, prefix)] : [] };
}

interface Lookup {
  readonly field: string;
  /** The tool that finds it. */
  readonly name: string;
}

/** The schema says of an id which list it comes from: "The call, from CLOSE_LIST_ACTIVITIES". */
function lookupsFor(toolbox: Toolbox, { schema, name: own }: ToolPage): readonly Lookup[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = isStrings(schema['required']) ? schema['required'] : [];
  return required
    .filter((field) => field.endsWith('_id'))
    .flatMap((field) => {
      const said = /\bfrom ([A-Z_]+)/.exec(stringAt(properties[field], 'description') ?? '')?.[1];
      const name = toolbox.named(said ?? `${field.slice(0, -'_id'.length)}.list`);
      return name === undefined || name === own ? [] : [{ field, name }];
    });
}

function stepFor({ field, name }: Lookup): string {
  return `Unless ${field} is known: find it with ${name}.`;
}

function mainSteps({ name, schema, effect }: ToolPage, prefix: Prefix): readonly string[] {
  const required = isStrings(schema['required']) ? schema['required'] : [];
  const fields = required.length > 0 ? ` with ${required.join(', ')}` : '';
  const ask = effect === 'destructive' ? ['Ask the user whether it is really to be deleted.'] : [];
  return [...ask, `Run ${name}${fields} through ${prefix}MULTI_EXECUTE_TOOL.`];
}

async function pagesOf(toolbox: Toolbox, names: readonly string[]): Promise<readonly ToolPage[]> {
  const found = await Promise.all(names.map((name) => toolbox.page(name)));
  return found.filter((page) => page !== undefined);
}

/** "close" as the name of the app says nothing about the operation, and as a verb it does. */
function withoutAppName(useCase: string): string {
  const shorter = useCase
    .replace(
      /\b(?:(?:in|on|to|from|via|using|of|with|into)\s+)(?:the\s+)?close\b(?:\s*crm|\.com|\.io)?|\bclose(?:\s+crm|\.com|\.io)\b/gi,
      ' ',
    )
    .trim();
  return shorter === '' ? useCase : shorter;
}
