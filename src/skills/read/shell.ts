/** Command lines in a text, split into words the way a POSIX shell does. Nothing is expanded or run. */

export interface ShellCommand {
  readonly words: readonly string[];
  readonly line: number;
}

/** Programs whose command lines mean something here. */
const STARTS = /^[ \t]*(?:[$>%] +)?(?=(?:npx(?: +-{1,2}[\w-]+)* +)?(?:@membranehq\/cli(?:@\S+)?|membrane|skillrouter|curl)(?:\s|$))/;

const LONGEST = 6000;

/** Finds the command lines in a code block or a code span; `first` is the line on which the text begins. */
export function commandsIn(text: string, first: number): readonly ShellCommand[] {
  const found: ShellCommand[] = [];
  let [at, line] = [0, first];
  while (at < text.length) {
    const end = text.indexOf('\n', at);
    const [prompt] = STARTS.exec(text.slice(at, end < 0 ? undefined : end)) ?? [];
    if (prompt === undefined) {
      at = end < 0 ? text.length : end + 1;
      line += 1;
      continue;
    }
    const read = wordsFrom(text, at + prompt.length);
    found.push({ words: withoutRunner(read.words), line });
    line += text.slice(at, read.end).split('\n').length;
    at = read.end + 1;
  }
  return found;
}

/** `npx` and its flags, and the version of a package, change nothing about what is meant. */
function withoutRunner(words: readonly string[]): readonly string[] {
  const start = words[0] === 'npx' ? words.findIndex((word, at) => at > 0 && !word.startsWith('-')) : 0;
  const [program = '', ...rest] = words.slice(Math.max(0, start));
  return [program.startsWith('@membranehq/cli') ? 'membrane' : program, ...rest];
}

/** The words up to the end of the line or the next operator; a quote may go on over lines. */
function wordsFrom(text: string, start: number): { readonly words: readonly string[]; readonly end: number } {
  const words: string[] = [];
  let word: string | undefined;
  let at = start;
  const finish = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  for (; at < text.length && at - start < LONGEST; at += 1) {
    const character = text[at] ?? '';
    if (character === '\n') break;
    if (character === '\\') {
      at += 1;
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '');
    } else if (character === "'" || character === '"') {
      const quoted = quotedFrom(text, at);
      if (quoted === undefined) break;
      word = (word ?? '') + quoted.value;
      at = quoted.end;
    } else if (/[ \t]/.test(character)) finish();
    else if (/[|;&]/.test(character) || (character === '#' && word === undefined)) break;
    else word = (word ?? '') + character;
  }
  finish();
  const rest = text.indexOf('\n', at);
  return { words, end: rest < 0 ? text.length : rest };
}

function quotedFrom(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length && at - start < LONGEST; at += 1) {
    const character = text[at] ?? '';
    if (character === quote) return { value, end: at };
    if (quote === '"' && character === '\\' && /["\\$`\n]/.test(text[at + 1] ?? '')) {
      at += 1;
      value += text[at] === '\n' ? '' : (text[at] ?? '');
    } else value += character;
  }
  return undefined;
}

export interface Arguments {
  readonly plain: readonly string[];
  /** Flags without their dashes; one that is repeated has several values. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/** Tells flags from plain arguments; `switches` are flags that take no value. */
export function argumentsOf(words: readonly string[], switches: ReadonlySet<string>): Arguments {
  const plain: string[] = [];
  const flags = new Map<string, readonly string[]>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, name, equals, inline = ''] = /^--?([A-Za-z][\w.-]*)(=?)([\s\S]*)$/.exec(word) ?? [];
    if (name === undefined) {
      plain.push(word);
      continue;
    }
    const takes = equals === '' && !switches.has(name) && at + 1 < words.length && !/^-{1,2}[A-Za-z]/.test(words[at + 1] ?? '');
    if (takes) at += 1;
    flags.set(name, [...(flags.get(name) ?? []), takes ? (words[at] ?? '') : inline]);
  }
  return { plain, flags };
}
