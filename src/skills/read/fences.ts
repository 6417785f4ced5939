/** Code fences that were never closed swallow the rest of a page; here they are closed where the page obviously went on. */
import type { Remark } from '../diagnostics.ts';

interface Fence {
  readonly start: number;
  /** Index of the closing line, or of the line after the last when there is none. */
  readonly end: number;
  readonly mark: string;
  readonly closed: boolean;
}

/** More open fences than any page has by mistake. */
const MOST_REPAIRS = 30;

export interface Repaired {
  readonly lines: readonly string[];
  readonly remarks: readonly Remark[];
}

/**
 * Closes fences that end nowhere. With every fence marked alike, the one that lacks its close turns text into code and code into
 * text from there on, so the culprit is the first fence that holds a heading after a blank line; the blank line becomes its close.
 */
export function repairFences(lines: readonly string[]): Repaired {
  const repaired = [...lines];
  const remarks: Remark[] = [];
  for (let from = 0; remarks.length < MOST_REPAIRS; ) {
    const fences = fencesOf(repaired);
    const open = fences.at(-1);
    if (open === undefined || open.closed) break;
    const found = culprit(
      repaired,
      fences.filter(({ start }) => start >= from),
    );
    if (!found) {
      remarks.push(remark(open.start, 'everything after it is code'));
      break;
    }
    remarks.push(remark(found.fence.start, `the page goes on at line ${found.heading + 1}`));
    repaired[found.heading - 1] = found.fence.mark;
    from = found.heading;
  }
  return { lines: repaired, remarks };
}

function remark(start: number, what: string): Remark {
  return {
    line: start + 1,
    code: 'unclosed_fence',
    what: `a code fence is never closed; ${what}`,
    fix: 'Close it with a line of its own: three backticks or tildes.',
  };
}

function culprit(lines: readonly string[], fences: readonly Fence[]): { readonly fence: Fence; readonly heading: number } | undefined {
  for (const fence of fences) {
    const language = /^\s*[`~]+\s*(\w*)/.exec(lines[fence.start] ?? '')?.[1] ?? '';
    if (/^(?:md|markdown|mdx)$/i.test(language) && fence.closed) continue;
    // In a shell one # begins a comment.
    const heading = /^(?:ba|z|)sh$|^shell$|^console$|^py|^ya?ml$|^rb$|^toml$/i.test(language) ? /^#{2,6} +\S/ : /^#{1,6} +\S/;
    for (let at = fence.start + 2; at < fence.end; at += 1) {
      if (heading.test(lines[at] ?? '') && lines[at - 1]?.trim() === '') return { fence, heading: at };
    }
  }
  return undefined;
}

/** The fences of a page at its own level, by the rules of CommonMark §4.5. */
function fencesOf(lines: readonly string[]): readonly Fence[] {
  const fences: Fence[] = [];
  let open: { readonly start: number; readonly mark: string } | undefined;
  for (const [at, line] of lines.entries()) {
    const [, mark = '', rest = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (mark === '') continue;
    if (open === undefined) {
      if (mark.startsWith('~') || !rest.includes('`')) open = { start: at, mark };
    } else if (mark[0] === open.mark[0] && mark.length >= open.mark.length && rest.trim() === '') {
      fences.push({ ...open, end: at, closed: true });
      open = undefined;
    }
  }
  return open === undefined ? fences : [...fences, { ...open, end: lines.length, closed: false }];
}

/** Which lines stand inside a fence, its marks included. */
export function insideFences(lines: readonly string[]): readonly boolean[] {
  const inside = lines.map(() => false);
  for (const { start, end } of fencesOf(lines)) inside.fill(true, start, Math.min(end + 1, lines.length));
  return inside;
}
