/** Bytes of a file as clean lines, with everything told that had to be taken out. */
import type { Remark } from '../diagnostics.ts';

export interface CleanText {
  readonly lines: readonly string[];
  readonly remarks: readonly Remark[];
}

/** Directions, joiners and tags that change what is read and are not seen. Zero-width joiners stay: scripts and emoji need them. */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\u{E0000}-\u{E007F}]+/gu;

const CONTROL = /(?:(?!\t)\p{Cc})+/gu;

/** What UTF-8 punctuation and accents look like after a detour over Windows-1252. */
const MOJIBAKE = /â€[\u0080-\u00BF\u0152-\u2122]|Ã[\u0080-\u00BF]|Â[\u00A0-\u00BF]/;

export function decode(bytes: Uint8Array): CleanText {
  const { text, remarks } = asText(bytes);
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.replaceAll(/[\u2028\u2029]/g, ' '));
  const control = taken(lines, CONTROL, 'control_characters', 'control character');
  const invisible = taken(control.lines, INVISIBLE, 'invisible_characters', 'invisible character');
  return { lines: invisible.lines, remarks: [...remarks, ...endings(text), ...control.remarks, ...invisible.remarks, ...garbled(lines)] };
}

function asText(bytes: Uint8Array): { readonly text: string; readonly remarks: readonly Remark[] } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return foreign(bytes, 'utf-16le');
  if (first === 0xfe && second === 0xff) return foreign(bytes, 'utf-16be');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const marked = text.startsWith('\uFEFF');
  const bad = isUtf8(bytes) ? -1 : text.indexOf('\uFFFD');
  return {
    text: marked ? text.slice(1) : text,
    remarks: [
      ...(marked
        ? [
            {
              line: 1,
              code: 'byte_order_mark' as const,
              what: 'a byte order mark stands before the text',
              fix: 'Save the file as UTF-8 without it.',
            },
          ]
        : []),
      ...(bad < 0
        ? []
        : [
            {
              line: lineAt(text, bad),
              code: 'not_utf8' as const,
              what: 'bytes are not UTF-8',
              fix: 'Save the file as UTF-8; what could not be read shows as �.',
            },
          ]),
    ],
  };
}

function foreign(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): ReturnType<typeof asText> {
  const what = `the file is ${encoding.toUpperCase()}`;
  return {
    text: new TextDecoder(encoding).decode(bytes),
    remarks: [{ line: 1, code: 'not_utf8', what, fix: 'Save it as UTF-8: most hosts read nothing else.' }],
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function endings(text: string): readonly Remark[] {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const cr = (text.match(/\r/g)?.length ?? 0) - crlf;
  const lf = (text.match(/\n/g)?.length ?? 0) - crlf;
  if (crlf + cr === 0) return [];
  const kinds = [crlf > 0 ? 'CRLF' : '', cr > 0 ? 'CR' : '', lf > 0 ? 'LF' : ''].filter(Boolean);
  const what = kinds.length > 1 ? `lines end in ${kinds.join(' and ')}` : `lines end in ${kinds[0]}`;
  return [{ line: 1, code: 'line_endings', what, fix: 'Save it with LF: some hosts do not see the frontmatter otherwise.' }];
}

function taken(lines: readonly string[], characters: RegExp, code: 'control_characters' | 'invisible_characters', noun: string): CleanText {
  const remarks: Remark[] = [];
  const clean = lines.map((line, at) => {
    let count = 0;
    const kept = line.replaceAll(characters, (run) => {
      count += [...run].length;
      return '';
    });
    if (count > 0)
      remarks.push({ line: at + 1, code, what: `${count} ${noun}${count === 1 ? '' : 's'} taken out`, fix: 'Delete them in the file.' });
    return kept;
  });
  return { lines: clean, remarks };
}

function garbled(lines: readonly string[]): readonly Remark[] {
  const at = lines.findIndex((line) => MOJIBAKE.test(line));
  if (at < 0) return [];
  return [
    {
      line: at + 1,
      code: 'mojibake',
      what: 'text was decoded with the wrong character set once',
      fix: 'Write the characters anew; nothing depends on them here.',
    },
  ];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\n|\r/).length;
}
