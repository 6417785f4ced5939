/** Code of a skill: commands, HTTP requests, and calls of the vendors' SDKs and meta tools. Read as text, never run. */

import { isPlaceholderPath, readCommand, requestUse, type Told } from './commands.ts';
import { readLiteral } from './literal.ts';
import { isSlug, isToolName } from './names.ts';
import { commandsIn } from './shell.ts';
import type { Argument, Line, Need, Use } from './skill.ts';

const LONGEST = 60_000;

/** Everything that a code block or span tells; `first` is the line of its first line. */
export function readCode(whole: string, first: number): Told {
  const text = whole.slice(0, LONGEST);
  const lines = new Lines(text, first);
  const commands = commandsIn(text, first).map(readCommand);
  const uses = [...calls(text, lines), ...requests(text, lines), ...sdkRequests(text, lines)];
  return {
    uses: [...commands.flatMap((told) => told.uses), ...uses],
    connectors: [...commands.flatMap((told) => told.connectors), ...connectors(text, lines)],
    needs: [...commands.flatMap((told) => told.needs), ...needs(text)],
    remarks: commands.flatMap((told) => told.remarks),
  };
}

/** Offsets as lines. */
class Lines {
  readonly #starts: readonly number[];
  readonly #first: number;

  constructor(text: string, first: number) {
    this.#starts = [...text.matchAll(/\n/g)].map(({ index }) => index);
    this.#first = first;
  }

  at(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }
}

/** `toolName: 'x'`, `tool_slug="X"`, `"slug": "X"`, `execute("x", {…})`. */
const CALL =
  /(?:\b["']?(?:tool_?name|toolName|tool_slug|toolSlug|slug)["']?\s*[:=]\s*|\bexecute(?:_?[tT]ool|_?[aA]ction)?\s*\(\s*)(["'`])([A-Za-z][\w-]{2,80})\1/g;

/** Where the arguments of a call begin. */
const INPUT = /^\s*,\s*(?=\{)|["']?\b(?:tool_?input|toolInput|arguments|input|params)\b["']?\s*[:=]\s*(?=\{)/;

function calls(text: string, lines: Lines): readonly Use[] {
  const found = [...text.matchAll(CALL)].filter(([, , name = '']) => isSlug(name) || isToolName(name));
  return found.map(({ 0: whole, 2: name = '', index }, at) => {
    const from = index + whole.length;
    const to = Math.min(found[at + 1]?.index ?? text.length, from + 4000);
    const input = INPUT.exec(text.slice(from, to));
    const given = input ? readLiteral(text.slice(0, to), from + input.index + input[0].length) : undefined;
    const names = (given?.entries ?? []).map(
      (entry): Argument => ({
        name: entry.name,
        line: lines.at(entry.at),
        ...(entry.value === undefined ? {} : { value: entry.value }),
      }),
    );
    return { kind: 'tool', name, line: lines.at(index), place: 'code', arguments: names, complete: true };
  });
}

const REQUEST = /(?<![\w"'])(GET|POST|PUT|PATCH|DELETE)\s+(https?:\/\/[^\s"'`)<>]+|\/[^\s"'`)<>]+)/g;

/** `POST https://… ` with a JSON body somewhere before the next request. */
function requests(text: string, lines: Lines): readonly Use[] {
  const found = [...text.matchAll(REQUEST)].filter(([, , url = '']) => !isPlaceholderPath(url));
  return found.map(({ 0: whole, 1: method = '', 2: url = '', index }, at) => {
    const from = index + whole.length;
    const to = Math.min(found[at + 1]?.index ?? text.length, from + 8000);
    const body = /\{\s*"/.exec(text.slice(from, to));
    return requestUse(method, url, body ? readLiteral(text.slice(0, to), from + body.index)?.value : undefined, lines.at(index));
  });
}

/** `actions.request({ path: '/api/v1/me/', method: 'GET' })`, in JavaScript or Python. */
function sdkRequests(text: string, lines: Lines): readonly Use[] {
  return [...text.matchAll(/\brequest\s*\(/g)].flatMap(({ index }) => {
    const near = text.slice(index, index + 600);
    const path = /\bpath["']?\s*[:=]\s*["'`]([^"'`\s]+)["'`]/.exec(near)?.[1];
    const method = /\bmethod["']?\s*[:=]\s*["'`]([A-Za-z]+)["'`]/.exec(near)?.[1] ?? 'GET';
    return path === undefined || isPlaceholderPath(path) ? [] : [requestUse(method, path, undefined, lines.at(index))];
  });
}

function connectors(text: string, lines: Lines): readonly Line[] {
  const patterns = [/\btoolkits?["']?\s*[:=]\s*\[?\s*["']([\w-]+)["']/g, /\bconnection_?[nN]ame["']?\s*[:=]\s*["']([\w-]+)["']/g];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ 1: name = '', index }) => ({ text: name.toLowerCase(), line: lines.at(index) })),
  );
}

function needs(text: string): readonly Need[] {
  return [
    ...(/\b(?:RUBE|COMPOSIO)_[A-Z]+_/.test(text) ? (['rube'] as const) : []),
    ...(/@scalekit-sdk\/|\bscalekit_client\b|\bScalekitClient\b|\bexecute_?[tT]ool\s*\(/.test(text) ? (['scalekit'] as const) : []),
  ];
}
