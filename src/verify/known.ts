import type { JsonObject } from '../contract/guards.ts';

/** Ids and addresses by the name under which an earlier step remembered them. Throws NotKnown. */
export type Known = (name: string) => string;

/** One call of the script. Whatever ids it needs were remembered by earlier ones: none is written down here. */
export interface Step {
  /** Operation or intent. */
  readonly operation: string;
  readonly input?: (known: Known) => JsonObject;
  /** name → where in the result its text stands, `data.0.id`. */
  readonly remember?: Readonly<Record<string, string>>;
  /** Changes what belongs to the whole organization, or reaches a person: never in somebody's real account. */
  readonly sandboxOnly?: string;
}

/** The account has nothing of that kind, or the call that should have brought it failed. */
export class NotKnown extends Error {
  override readonly name = 'NotKnown';
  readonly missing: string;
  constructor(missing: string) {
    super(`there is no ${missing} to work with`);
    this.missing = missing;
  }
}

export function knownOf(names: ReadonlyMap<string, string>): Known {
  return (name) => {
    const found = names.get(name);
    if (found === undefined) throw new NotKnown(name);
    return found;
  };
}

/** What a step has to know before it can be run. */
export function needsOf({ input }: Step): readonly string[] {
  const needed: string[] = [];
  input?.((name) => {
    needed.push(name);
    return name;
  });
  return needed;
}

/** Adds what a result shows to what is known; what is not there is not known. */
export function learn(names: Map<string, string>, { remember = {} }: Step, data: unknown): void {
  for (const [name, path] of Object.entries(remember)) {
    const found = at(data, path.split('.'));
    if (typeof found === 'string' && found !== '') names.set(name, found);
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return at(Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined, rest);
}

/** The steps that are wanted, with those that they need before them; `helpers` are only there for the others. */
export function withNeeds(
  steps: readonly Step[],
  isWanted: (step: Step) => boolean,
  alsoNeeded: Iterable<string> = [],
): { readonly steps: readonly Step[]; readonly helpers: ReadonlySet<Step> } {
  const chosen = new Set<Step>(steps.filter(isWanted));
  const helpers = new Set<Step>();
  const open = [...alsoNeeded, ...[...chosen].flatMap(needsOf)];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const source = steps.find(({ remember }) => remember !== undefined && Object.hasOwn(remember, name ?? ''));
    if (!source || chosen.has(source) || helpers.has(source)) continue;
    helpers.add(source);
    open.push(...needsOf(source));
  }
  return { steps: steps.filter((step) => chosen.has(step) || helpers.has(step)), helpers };
}
