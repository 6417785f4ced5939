/** A skill that somebody wrote, as data. Nothing in it is ever executed, opened or called. */
import type { Diagnostic } from '../diagnostics.ts';

/** How a skill is written; see the grammars in `read/grammar.ts`. */
export type Grammar = 'workflows' | 'labels' | 'template' | 'actions' | 'wrapper' | 'reference' | 'plain';

/** By what means a skill reaches apps. */
export type Need = 'rube' | 'membrane' | 'scalekit' | 'rest' | 'skillrouter';

/** Text at a line. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Role {
  readonly kind: 'required' | 'optional' | 'prerequisite' | 'alternative' | 'fallback';
  /** As it was written, when there is more to it: `required for delete`. */
  readonly note?: string;
}

/** One step of a workflow. A step without names is done by hand, or by other means. */
export interface Step extends Line {
  /** More than one: either of them. */
  readonly names: readonly string[];
  readonly role?: Role;
}

export interface Parameter extends Line {
  readonly name: string;
  readonly required?: boolean;
  /** The tool that it is said to belong to. */
  readonly of?: string;
}

export interface Workflow {
  readonly title: string;
  readonly line: number;
  readonly when?: string;
  readonly steps: readonly Step[];
  readonly parameters: readonly Parameter[];
  readonly pitfalls: readonly Line[];
}

/** An argument that a skill names; its value when it stood there as data. */
export interface Argument {
  readonly name: string;
  readonly line: number;
  readonly value?: unknown;
}

/**
 * One place where something of an app is used.
 * `tool`: by a backend's tool name; `action`: by a Membrane key; `operation`: by a canonical name; `request`: by the app's own HTTP.
 */
export interface Use {
  readonly kind: 'tool' | 'action' | 'operation' | 'request';
  /** `CLOSE_CREATE_LEAD`, `create-lead`, `lead.create`, `POST https://…`. */
  readonly name: string;
  readonly line: number;
  readonly place: 'step' | 'label' | 'table' | 'code' | 'text';
  /** What the row or sentence says that it does. */
  readonly about?: string;
  readonly arguments: readonly Argument[];
  /** Whether an argument of another name than these is a mistake: a table lists what it likes, a call what it sends. */
  readonly complete: boolean;
  readonly request?: { readonly method: string; readonly url: string; readonly body?: unknown };
}

/** A word of the shape of a tool name, outside of any place that means one. Only who knows the tools can tell. */
export type Word = Line;

/** A part of the text that belongs to no workflow, for who wants to keep it. */
export interface Passage {
  readonly title: string;
  readonly line: number;
  readonly lines: readonly Line[];
}

export interface Skill {
  readonly file: string;
  /** Identity: made from the folder, or from the file where it has none of its own. */
  readonly slug: string;
  /** As the frontmatter says, whatever its type was. */
  readonly name?: string;
  readonly description?: string;
  readonly license?: string;
  /** Every key of the frontmatter, scalars as text; unknown keys included. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Which way the frontmatter could be read. */
  readonly headBy: 'yaml' | 'quoted' | 'lines' | 'none';
  readonly title?: string;
  readonly grammar: Grammar;
  readonly needs: readonly Need[];
  /** Apps that it names as its own: toolkit, connector, domain; lower case. */
  readonly connectors: readonly Line[];
  readonly workflows: readonly Workflow[];
  readonly pitfalls: readonly Line[];
  readonly uses: readonly Use[];
  readonly words: readonly Word[];
  readonly passages: readonly Passage[];
  /** Headings of what is about connecting, installing and finding tools. */
  readonly housekeeping: readonly Line[];
  /** Sentences that try to give orders to the reader's reader. */
  readonly overrides: readonly Line[];
  readonly diagnostics: readonly Diagnostic[];
}
