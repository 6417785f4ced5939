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

/** Every operation under a name of the backend's style, unless it is the name of something that the backend publishes. */
export function namesOf(app: App, published: readonly string[]): ToolboxNames {
  const taken = new Set(published);
  const further = new Map(app.ids.map((id) => [nameOf(app, id), id] as const).filter(([name]) => !taken.has(name)));
  const all = [...published, ...further.keys()];
  const ofOperations = [...further].flatMap(([name, id]) => spellingsOf(app, id).map((spelling) => [spelling, name] as const));
  return { all, further, spelled: new Map([...ofOperations, ...all.map((name) => [name.toLowerCase(), name] as const)]) };
}

function nameOf(app: App, operation: string): string {
  const [one = operation, many = one] = spellings(operation);
  return `${app.id}_${operation.endsWith('.list') ? many : one}`.toUpperCase().replaceAll('-', '_');
}

/** `lead.list`, `close.lead.list`, `close_lead_list`, `close_list_lead`, `close_list_leads`. */
function spellingsOf(app: App, operation: string): readonly string[] {
  const joined = [operation.replace('.', '_'), ...spellings(operation).map((one) => one.replaceAll('-', '_'))];
  return [operation, `${app.id}.${operation}`, ...joined.map((one) => `${app.id}_${one}`)];
}
