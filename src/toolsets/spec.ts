/** One operation as a tool of an agent: everything that a framework or a protocol wants to know of it, in nobody's format. */
import { pageOf } from '../catalog/describe.ts';
import { type App, isIntent } from '../contract/app.ts';
import { isObject, type JsonObject } from '../contract/guards.ts';
import type { Effect, Intent, Operation } from '../contract/operation.ts';
import { toolNames } from './names.ts';
import { withoutNull } from './nulls.ts';

/** What a mistaken call costs: nothing, something that can be corrected, or something that cannot be taken back. */
export type Risk = 'read' | 'write' | 'irreversible';

/** The four hints of the Model Context Protocol; they inform, and protect nobody. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** Plain data, but for `sends`. */
export interface ToolSpec {
  /** `^[a-z][a-z0-9_]{0,39}$`, e.g. `close_lead_create`; the same whichever backend runs it. */
  readonly name: string;
  /** The canonical operation, `close.lead.create`. */
  readonly operation: string;
  /** For people, e.g. "Lead: create". */
  readonly title: string;
  /** What it does, what comes back, when not to use it; at most 300 characters. */
  readonly description: string;
  /** JSON Schema 2020-12 of an object that takes no unknown fields. */
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  /** Valid inputs; their ids are invented. */
  readonly examples: readonly JsonObject[];
  readonly annotations: ToolAnnotations;
  /** The worst that some input can do; `sends` tells of one input. */
  readonly risk: Risk;
  readonly effect: Effect;
  /** App and noun. */
  readonly tags: readonly string[];
  /** Whether a person outside receives something because of this input. */
  readonly sends: (input: JsonObject) => boolean;
}

/** The tools of all operations of the apps, in the order of their catalogues; with `wanted`, of those that it takes. */
export async function specsOf(
  apps: readonly App[],
  wanted: (entry: Operation | Intent) => boolean = () => true,
): Promise<readonly ToolSpec[]> {
  const names = toolNames(apps.flatMap((app) => app.ids.map((id) => `${app.id}.${id}`)));
  const specs = await Promise.all(apps.map(async (app) => specsOfOne(await app.all(), wanted, names)));
  return specs.flat();
}

function specsOfOne(
  entries: readonly (Operation | Intent)[],
  wanted: (entry: Operation | Intent) => boolean,
  names: ReadonlyMap<string, string>,
): readonly ToolSpec[] {
  const base = (entry: Operation | Intent): Operation | undefined => {
    const found = isIntent(entry) ? entries.find(({ id }) => id === entry.operation) : entry;
    return found && !isIntent(found) ? found : undefined;
  };
  return entries.filter(wanted).map((entry) => specOf(entry, base(entry), names.get(`${entry.app}.${entry.id}`) ?? entry.id));
}

function specOf(entry: Operation | Intent, base: Operation | undefined, name: string): ToolSpec {
  const { input, output } = pageOf(entry);
  const outputSchema = plain(output);
  const risk = riskOf(entry);
  return {
    name,
    operation: `${entry.app}.${entry.id}`,
    title: titleOf(entry.id),
    description: descriptionOf(entry, outputSchema),
    // What is only being made has nothing yet that null could clear: there it is a second word for leaving a field out.
    inputSchema: entry.effect !== 'read' && base?.idempotent === false ? withoutNull(plain(input)) : plain(input),
    outputSchema,
    examples: [entry.example],
    annotations: annotationsOf(risk, base?.idempotent ?? false),
    risk,
    effect: entry.effect,
    tags: [entry.app, nounOf(entry.id)],
    sends: entry.sends,
  };
}

/** Some input of it reaches a person, or deletes: then the tool as a whole counts as irreversible. */
function riskOf(entry: Operation | Intent): Risk {
  if (entry.effect === 'read') return 'read';
  return entry.effect === 'destructive' || maySend(entry) ? 'irreversible' : 'write';
}

/** Whoever looks at the input before he says no, says yes to another one. */
function maySend({ sends }: Operation | Intent): boolean {
  let looked = false;
  const get = (): undefined => {
    looked = true;
    return undefined;
  };
  const has = (): boolean => {
    looked = true;
    return false;
  };
  return sends(new Proxy<JsonObject>({}, { get, has })) || looked;
}

/** What can be repeated without harm replaces what was there; what cannot, adds to it. Hosts assume the worst of a hint that is left out. */
function annotationsOf(risk: Risk, idempotent: boolean): ToolAnnotations {
  return {
    readOnlyHint: risk === 'read',
    destructiveHint: risk === 'irreversible' || (risk === 'write' && idempotent),
    idempotentHint: risk === 'read' || (risk === 'write' && idempotent),
    openWorldHint: true,
  };
}

const LONGEST_DESCRIPTION = 300;

/** The summary, what comes back, and as many of the pitfalls as there is room for. */
function descriptionOf({ summary, pitfalls }: Operation | Intent, output: JsonObject): string {
  const parts = [`${summary}.`, returns(output), ...pitfalls];
  const fits = parts.reduce((text, part) => {
    const longer = [text, part].filter(Boolean).join(' ');
    return longer.length <= LONGEST_DESCRIPTION ? longer : text;
  }, '');
  return fits || `${summary.slice(0, LONGEST_DESCRIPTION - 1)}…`;
}

function returns({ properties }: JsonObject): string {
  const names = isObject(properties) ? Object.keys(properties) : [];
  if (names.includes('data')) return `Returns { ${names.join(', ')} }.`;
  if (names.includes('id')) return 'Returns the object with its id.';
  return names.length > 0 && names.length <= 4 ? `Returns { ${names.join(', ')} }.` : '';
}

/** "custom_field_lead.update" → "Custom field lead: update" */
function titleOf(id: string): string {
  const [noun = id, ...verb] = id.split('.');
  const words = [noun, verb.join(' ')].filter(Boolean).join(': ').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function nounOf(id: string): string {
  return id.split('.')[0] ?? id;
}

function plain({ $schema: _, ...schema }: JsonObject): JsonObject {
  return schema;
}
