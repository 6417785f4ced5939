/** Words of one backend in canonical words, with what has none told. */
import { readArgument } from '../check/arguments.ts';
import type { Resolved } from '../check/resolve.ts';
import type { Vocabulary } from '../check/vocabulary.ts';
import { type Remark, shown } from '../diagnostics.ts';
import { isMetaTool } from '../read/names.ts';
import type { Line, Skill } from '../read/skill.ts';
import { inert } from './inert.ts';

/** What a sentence about a backend holds; it would be wrong in a skill for any of them. */
const BACKEND = /\b(?:rube|composio|membrane|scalekit)\b/i;

export class Neutral {
  readonly remarks: Remark[] = [];
  readonly #words: Vocabulary;
  readonly #byName: ReadonlyMap<string, readonly string[]>;
  readonly #fields: readonly Resolved[];
  readonly #orders: ReadonlySet<number>;

  constructor(words: Vocabulary, skill: Skill, resolved: readonly Resolved[]) {
    this.#words = words;
    this.#fields = resolved;
    const named = Map.groupBy(resolved, ({ use }) => use.name);
    this.#byName = new Map([...named].map(([name, all]) => [name, [...new Set(all.flatMap((one) => one.operations))]]));
    this.#orders = new Set(skill.overrides.map(({ line }) => line));
  }

  /** The operations that a tool's name means in this skill. */
  operations(name: string): readonly string[] {
    return this.#byName.get(name) ?? [];
  }

  /** The canonical field behind an argument of these tools. */
  field(argument: string, tools: readonly string[]): string | undefined {
    const seen = this.#fields.find(({ use, fields }) => tools.includes(use.name) && fields.has(argument));
    if (seen) return seen.fields.get(argument);
    for (const tool of tools) {
      const all = this.#words.tool(tool);
      const found = all.length > 0 ? readArgument(this.#words, argument, { chosen: all, all }).field : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A sentence with its tools renamed, as text and nothing else. undefined: it belongs to one backend, or gives orders. */
  sentence({ text, line }: Line): string | undefined {
    if (this.#orders.has(line)) return undefined;
    const renamed = [...this.#byName].reduce((rest, [name, ids]) => (ids[0] === undefined ? rest : replaceWord(rest, name, ids[0])), text);
    const meta = (renamed.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? []).some(isMetaTool);
    if (!meta && !BACKEND.test(renamed)) return inert(renamed);
    this.leftOut(line, `"${shown(text, 60)}" speaks of one backend`, 'Write it anew if it holds for all of them.');
    return undefined;
  }

  leftOut(line: number, what: string, fix: string): void {
    this.remarks.push({ line, code: 'not_converted', what, fix });
  }
}

/** A name as a whole word; names are made of letters, digits, `_`, `-` and `.` only. */
function replaceWord(text: string, name: string, by: string): string {
  if (!/^[\w.-]+$/.test(name)) return text;
  return text.replaceAll(new RegExp(`(?<![\\w.-])${name.replaceAll('.', String.raw`\.`)}(?![\\w-])`, 'g'), by);
}
