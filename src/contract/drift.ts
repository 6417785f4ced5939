import type { BackendId } from './backend.ts';
import type { Cell, ToolCell } from './binding.ts';
import type { ErrorCode } from './errors.ts';

/** What differs between the tools that a binding was written for and those that its backend lists. */
export type DriftKind =
  | 'added'
  | 'removed'
  | 'renamed'
  | 'disabled'
  | 'deprecated'
  | 'required_field'
  | 'added_field'
  | 'removed_field'
  | 'renamed_field'
  | 'changed_type'
  | 'changed_values'
  | 'version';

/** One difference. */
export interface DriftFinding {
  readonly kind: DriftKind;
  /** Under the name that we know; of an added one, its own. Absent: all tools. */
  readonly tool?: string;
  /** The argument, under the name that we know. */
  readonly field?: string;
  readonly was?: string;
  readonly now?: string;
  /** How sure it is, from 0 to 1, where it was guessed: that two names mean the same. */
  readonly confidence?: number;
  /** Operations whose calls the tool no longer takes, all or some of them. */
  readonly breaks: readonly string[];
  /** One sentence without full stop, where there is more to say. */
  readonly note?: string;
}

/** A cell in the words of the binding files, and of `createRouter({ bindings })`. */
export type ProposedCell = Omit<ToolCell, 'transport'> | { readonly proxy: true; readonly why?: string } | { readonly none: string };

/** A cell that would fit again. */
export interface DriftProposal {
  readonly operation: string;
  readonly was: Cell['transport'] | string;
  readonly cell: ProposedCell;
  /** The least of what it rests on. */
  readonly confidence: number;
  readonly because: readonly string[];
  /** Nothing is broken without it: a new tool for what goes by proxy today. */
  readonly optional: boolean;
}

/** One backend in the report. */
export interface BackendDrift {
  readonly backend: BackendId;
  readonly state: 'same' | 'changed' | 'broken' | 'nothing_to_list' | 'unreachable';
  /** How many tools it lists, and how many of ours are bound. */
  readonly listed?: number;
  readonly bound: number;
  /** The release of its tools that calls ask for. */
  readonly asked?: string;
  readonly findings: readonly DriftFinding[];
  readonly proposals: readonly DriftProposal[];
  /** Operations with a cell that no longer fits. */
  readonly broken: readonly string[];
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  readonly note?: string;
}

/** What `drift --json` prints. */
export interface DriftReport {
  readonly app: string;
  readonly backends: readonly BackendDrift[];
}
