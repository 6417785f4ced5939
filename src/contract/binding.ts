import type { BackendId } from './backend.ts';

/**
 * How one operation is spelled as a backend's named tool; only the differences.
 * Field names are ours unless said otherwise; what is not listed carries over by name.
 */
export interface ToolCell {
  readonly transport: 'tool';
  /** Their name, verbatim. */
  readonly tool: string;
  /** The canonical fields that the tool can carry; any other field makes the tool ineligible for that call. */
  readonly accepts: readonly string[];
  /** Fields without which the tool refuses, although the operation does not need them. */
  readonly needs?: readonly string[];
  /** ours → theirs */
  readonly rename?: Readonly<Record<string, string>>;
  /** Arrays or objects that travel as a JSON string. */
  readonly json?: readonly string[];
  /** A single value that travels as a list of one; a list stays a list. */
  readonly list?: readonly string[];
  /** Fields that the tool takes as one value only: a list of them cannot be carried. */
  readonly single?: readonly string[];
  /** field → a named transform with an inverse, see src/binding/transforms.ts; before `json`. */
  readonly transform?: Readonly<Record<string, string>>;
  /** Nested fields that the tool cannot carry, `contacts.custom`; lists on the way are looked into. */
  readonly excludes?: readonly string[];
  /** field → ours → theirs. A value that is not in the map cannot be carried. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** theirs → value: arguments that are always sent, and by which doors recognise the operation. */
  readonly constants?: Readonly<Record<string, unknown>>;
  /** Legacy input names of public skills, theirs → ours; understood by doors, never sent. */
  readonly also?: Readonly<Record<string, string>>;
  /** Doors: this cell is meant only when one of these arguments (theirs, or legacy) is present. Never used outward. */
  readonly doorOnly?: readonly string[];
  /** What is lost on the way, named; the lens law is not claimed for it. */
  readonly losses?: readonly string[];
}

export type Cell =
  | ToolCell
  | { readonly transport: 'proxy'; readonly why?: string }
  | { readonly transport: 'direct' }
  | { readonly transport: 'none'; readonly why: string };

/** One backend's cells for one app: checked against the catalogue, complete, in the catalogue's order. */
export interface Binding {
  readonly backend: BackendId;
  readonly app: string;
  /** Where their names were read, and when. */
  readonly source: string;
  /** operation id → cell; every operation of the app has one. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** Further spellings that doors understand and nobody sends, e.g. a legacy form of a tool: operation id → cells. */
  readonly inbound: Readonly<Record<string, readonly ToolCell[]>>;
}
