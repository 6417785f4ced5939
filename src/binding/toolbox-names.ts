import type { App } from '../contract/app.ts';
import { spellings } from './actions.ts';

/** The names of a toolbox, and which operation each of those means that nobody publishes. */
export interface ToolboxNames {
  /** Those that the backend publishes come first. */
  readonly all: readonly string[];
  /** `CLOSE_LIST_LEADS` → `lead.list`. */
  readonly further: ReadonlyMap<string, string>;
  /** Every spelling, in small letters → the name. */
  readonly spelled: ReadonlyMap<string, string>;
}

/** Every operation under a name of the backend's style. `published`: its own names → the operations that each of them stands for. */
export function namesOf(app: App, published: ReadonlyMap<string, readonly string[]>): ToolboxNames {
  const names = new Map(app.ids.map((id) => [id, nameOf(app, id, published)] as const));
  const further = new Map([...names].filter(([, name]) => !published.has(name)).map(([id, name]) => [name, id] as const));
  const all = [...published.keys(), ...further.keys()];
  const ofOperations = [...names].flatMap(([id, name]) => spellingsOf(app, id).map((spelling) => [spelling, name] as const));
  return { all, further, spelled: new Map([...ofOperations, ...all.map((name) => [name.toLowerCase(), name] as const)]) };
}

/** `CLOSE_LIST_LEADS`; `CLOSE_ACTIVITY_LIST` where the backend's tool of the more natural name is something else. */
function nameOf(app: App, operation: string, published: ReadonlyMap<string, readonly string[]>): string {
  const [one = operation, many = one] = spellings(operation);
  const natural = inStyle(`${app.id}_${operation.endsWith('.list') ? many : one}`);
  return published.get(natural)?.includes(operation) === false ? inStyle(`${app.id}_${operation}`) : natural;
}

function inStyle(name: string): string {
  return name.toUpperCase().replaceAll(/[-.]/g, '_');
}

/** `lead.list`, `close.lead.list`, `close_lead_list`, `close_list_lead`, `close_list_leads`. */
function spellingsOf(app: App, operation: string): readonly string[] {
  const joined = [operation, ...spellings(operation)].map((one) => `${app.id}_${one.replaceAll(/[-.]/g, '_')}`);
  return [operation, `${app.id}.${operation}`, ...joined];
}
