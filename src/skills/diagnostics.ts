/** Everything that reading, checking and converting skills can have to say, in one table. */

export type Level = 'error' | 'warning' | 'note';

interface Rule {
  readonly level: Level;
  readonly about: string;
}

/** `error`: it will not work here. `warning`: it works here, and somewhere else it may not. `note`: worth knowing. */
export const RULES = {
  unreadable_file: { level: 'error', about: 'The file cannot be read.' },
  file_too_large: { level: 'warning', about: 'Only the beginning of the file was read.' },
  link_outside: { level: 'warning', about: 'A symbolic link leads out of the folder; it was not followed.' },
  too_many_files: { level: 'warning', about: 'The tree is larger or deeper than is looked at.' },
  colliding_slugs: { level: 'warning', about: 'Two skills have the same identity; hosts keep only one of them.' },
  byte_order_mark: { level: 'note', about: 'The file starts with a byte order mark.' },
  not_utf8: { level: 'warning', about: 'The file is not UTF-8.' },
  line_endings: { level: 'note', about: 'Lines do not end in a plain line feed.' },
  control_characters: { level: 'warning', about: 'Control characters stand in the text; they were taken out.' },
  invisible_characters: { level: 'warning', about: 'Characters that nobody sees stand in the text; they were taken out.' },
  mojibake: { level: 'note', about: 'Text was once decoded with the wrong character set.' },
  missing_frontmatter: { level: 'warning', about: 'There is no frontmatter.' },
  frontmatter_marks: { level: 'warning', about: 'The lines around the frontmatter are not exactly ---.' },
  yaml_invalid: { level: 'warning', about: 'The frontmatter is not valid YAML.' },
  yaml_reference: { level: 'warning', about: 'The frontmatter uses anchors or aliases; they are not resolved.' },
  duplicate_key: { level: 'warning', about: 'A key of the frontmatter is there twice.' },
  unknown_key: { level: 'note', about: 'A key of the frontmatter belongs to no standard.' },
  metadata_not_text: { level: 'warning', about: 'A value of metadata is no text.' },
  name_invalid: { level: 'warning', about: 'The name is missing, or not what the standard allows.' },
  name_not_folder: { level: 'warning', about: 'The name is not the name of the folder.' },
  description_invalid: { level: 'warning', about: 'The description is missing, or not what the standard allows.' },
  unclosed_fence: { level: 'warning', about: 'A code fence is never closed.' },
  markup_unreadable: { level: 'warning', about: 'The Markdown could not be parsed; the text was read line by line.' },
  link_escapes: { level: 'warning', about: 'A link leads to a file outside the folder of the skill.' },
  link_missing: { level: 'warning', about: 'A link leads to a file that is not there.' },
  instruction_override: { level: 'warning', about: 'Text tries to override the instructions of whoever reads it.' },
  hidden_text: { level: 'note', about: 'A comment holds text that a reader of the page does not see.' },
  unknown_tool: { level: 'error', about: 'No backend has a tool or action of that name.' },
  doubtful_tool: { level: 'warning', about: 'A word of the text looks like a tool of the app, and no backend has it.' },
  unknown_operation: { level: 'error', about: 'The catalogue has no operation of that name.' },
  unknown_request: { level: 'error', about: 'The app has no such request.' },
  unknown_argument: { level: 'error', about: 'The tool has no argument of that name.' },
  unpublished_argument: { level: 'warning', about: 'The vendor does not publish this argument; it is understood here.' },
  missing_argument: { level: 'warning', about: 'The tool needs an argument that the skill does not name.' },
  not_runnable: { level: 'error', about: 'No backend that is looked at can run the operation.' },
  empty_address: { level: 'warning', about: 'A command names no app.' },
  not_converted: { level: 'note', about: 'A part of the skill was not taken over.' },
} as const satisfies Record<string, Rule>;

export type DiagnosticCode = keyof typeof RULES;

/** Something to tell about one line of a file. */
export interface Diagnostic {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly code: DiagnosticCode;
  readonly level: Level;
  /** One sentence without full stop. */
  readonly what: string;
  /** What to do about it, with full stop. */
  readonly fix: string;
}

/** A diagnostic whose file is not known where it is found. */
export type Remark = Omit<Diagnostic, 'file' | 'level'>;

/** How much is told of one kind in one file; the rest is counted. */
const MOST_OF_A_KIND = 40;

/** Remarks as diagnostics of a file, in the order of its lines; a flood of one kind is cut. */
export function diagnosed(file: string, remarks: readonly Remark[]): readonly Diagnostic[] {
  const kinds = Map.groupBy(remarks, ({ code }) => code);
  const kept = [...kinds.values()].flatMap((same) => {
    const more = same.length - MOST_OF_A_KIND;
    const shown = same.toSorted((a, b) => a.line - b.line).slice(0, MOST_OF_A_KIND);
    const last = shown.at(-1);
    return more > 0 && last ? [...shown.slice(0, -1), { ...last, what: `${last.what}, and ${more} more of this kind` }] : shown;
  });
  return kept.toSorted((a, b) => a.line - b.line).map((remark) => ({ file, level: RULES[remark.code].level, ...remark }));
}

/** Text from a skill in a message: short, on one line, without control characters. */
export function shown(text: string, most = 80): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}
