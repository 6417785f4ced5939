/** Reads an object as JSON, JavaScript or Python writes it, out of the middle of a text. Nothing is evaluated. */

export interface ReadLiteral {
  /** The object's own keys, in order. An expression has no value. */
  readonly entries: readonly { readonly name: string; readonly at: number; readonly value: unknown }[];
  readonly value: Readonly<Record<string, unknown>>;
  /** Index after the closing brace. */
  readonly end: number;
}

const DEEPEST = 16;
const LONGEST = 64_000;

/** undefined: no object begins there, or it does not end. */
export function readLiteral(text: string, at: number): ReadLiteral | undefined {
  if (text[at] !== '{') return undefined;
  const reader = new Reader(text.slice(0, at + LONGEST), at);
  try {
    const entries = reader.object(1);
    return { entries, value: Object.fromEntries(entries.map(({ name, value }) => [name, value])), end: reader.at };
  } catch (error) {
    if (error instanceof Unfinished) return undefined;
    throw error;
  }
}

/** The text ends, or goes on as no object does. */
class Unfinished extends Error {}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['null', null],
  ['None', null],
]);

class Reader {
  at: number;
  readonly #text: string;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  object(depth: number): ReadLiteral['entries'] {
    const entries: { name: string; at: number; value: unknown }[] = [];
    this.at += 1;
    for (;;) {
      const next = this.#skip();
      if (next === '}') break;
      if (next === ',') {
        this.at += 1;
        continue;
      }
      const at = this.at;
      const name = this.#key();
      const colon = this.#skip() === ':';
      if (colon) this.at += 1;
      const value = colon ? this.#value(depth) : this.#expression();
      if (name !== undefined) entries.push({ name, at, value });
      if (this.at === at) throw new Unfinished();
    }
    this.at += 1;
    return entries;
  }

  /** undefined: a spread, or a computed key. */
  #key(): string | undefined {
    const quote = this.#text[this.at];
    if (quote === '"' || quote === "'") return this.#string(quote);
    const [name] = /^[\w$.-]+/.exec(this.#text.slice(this.at, this.at + 200)) ?? [];
    if (name === undefined || name.startsWith('...')) {
      this.#expression();
      return undefined;
    }
    this.at += name.length;
    return name;
  }

  #value(depth: number): unknown {
    if (depth > DEEPEST) return this.#expression();
    const found = this.#primary(depth);
    // What goes on after a value is an expression, and nobody here knows what it comes to.
    return /[,}\]]/.test(this.#skip()) ? found : this.#expression();
  }

  #primary(depth: number): unknown {
    const next = this.#skip();
    if (next === '{') return Object.fromEntries(this.object(depth + 1).map(({ name, value }) => [name, value]));
    if (next === '[') return this.#list(depth + 1);
    if (next === '"' || next === "'") return this.#string(next);
    const [word] = /^-?[\w.]+/.exec(this.#text.slice(this.at, this.at + 60)) ?? [''];
    const value = WORDS.has(word) ? WORDS.get(word) : /^-?\d[\d_]*(?:\.\d+)?$/.test(word) ? Number(word.replaceAll('_', '')) : undefined;
    if (value !== undefined) this.at += word.length;
    return value;
  }

  #list(depth: number): unknown {
    const items: unknown[] = [];
    this.at += 1;
    for (;;) {
      const next = this.#skip();
      if (next === ']') break;
      const at = this.at;
      if (next === ',') this.at += 1;
      else items.push(this.#value(depth));
      if (this.at === at) throw new Unfinished();
    }
    this.at += 1;
    return items;
  }

  #string(quote: string): string {
    let value = '';
    for (this.at += 1; this.#here() !== quote; this.at += 1) {
      if (this.#here() === '\\') {
        this.at += 1;
        value += ESCAPES[this.#here()] ?? this.#here();
      } else value += this.#here();
    }
    this.at += 1;
    return value;
  }

  /** Steps over an expression to where it ends. */
  #expression(): undefined {
    let open = 0;
    for (; ; this.at += 1) {
      const character = this.#here();
      if (character === '"' || character === "'" || character === '`') {
        this.#string(character);
        this.at -= 1;
      } else if ('([{'.includes(character)) open += 1;
      else if (')]}'.includes(character)) {
        if (open === 0) return undefined;
        open -= 1;
      } else if (character === ',' && open === 0) return undefined;
    }
  }

  /** The next character that is neither space nor comment. */
  #skip(): string {
    for (;;) {
      const [gap] = /^(?:\s+|\/\/[^\n]*|#[^\n]*|\/\*[^*]*\*\/)+/.exec(this.#text.slice(this.at, this.at + 2000)) ?? [];
      if (gap === undefined) return this.#here();
      this.at += gap.length;
    }
  }

  #here(): string {
    const character = this.#text[this.at];
    if (character === undefined) throw new Unfinished();
    return character;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
