import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export interface Io {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Where commands write: results to stdout, talk to stderr. */
export interface Terminal {
  /** Somebody's program reads stdout: JSON only. */
  readonly json: boolean;
  /** One line of result for a person. */
  print(line: string): void;
  /** One object, as one line. */
  result(value: unknown): void;
  /** Talk: progress, notes, errors. */
  say(line: string): void;
  /** Colours text that goes to stdout; plain when that is no terminal or NO_COLOR is set. */
  paint(style: Style, text: string): string;
  /** The same for stderr. */
  tint(style: Style, text: string): string;
  readonly width: number;
  /** Shows a line in place of the one it showed last; '' takes it away. Does nothing where stderr is no terminal. */
  redraw(line: string): void;
  /** A person may be watching stderr. */
  readonly live: boolean;
  /** A person sits there and can be asked. */
  readonly interactive: boolean;
}

export function terminalOn({ out, err }: Io, json: boolean): Terminal {
  let drawn = '';
  const redraw = (line: string): void => {
    if (!err.isTTY || (line === '' && drawn === '')) return;
    err.write(`\r${line.slice(0, Math.max(1, (err.columns ?? 80) - 1))}${CLEAR_TO_END}`);
    drawn = line;
  };
  return {
    json,
    print: (line) => void out.write(`${line}\n`),
    result: (value) => void out.write(`${JSON.stringify(value)}\n`),
    say: (line) => {
      const before = drawn;
      redraw('');
      err.write(`${line}\n`);
      redraw(before);
    },
    redraw,
    live: err.isTTY === true,
    paint: (style, text) => colour(style, text, out),
    tint: (style, text) => colour(style, text, err),
    width: out.columns ?? 100,
    interactive: Boolean(process.stdin.isTTY && err.isTTY) && !json,
  };
}

/** The one sequence that every terminal knows (ECMA-48, EL). */
const CLEAR_TO_END = '\x1b[K';

function colour(style: Style, text: string, stream: Writable): string {
  return styleText(style, text, { stream, validateStream: true });
}
