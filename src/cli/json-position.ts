/** What may come next, and the brackets that are still open, outermost first. */
interface State {
  readonly expected: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';
  readonly open: string;
}

const SPACE = /[\t\n\r ]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where JSON text stops being JSON, one-based. The engine's own message has no position for some mistakes, and repeats
 * the text in others.
 */
export function whereJsonFails(text: string): { readonly line: number; readonly column: number } {
  const before = text.slice(0, failingOffset(text));
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}

function failingOffset(text: string): number {
  let state: State = { expected: 'value', open: '' };
  let at = after(SPACE, text, 0) ?? 0;
  while (at < text.length) {
    const end = after(TOKEN, text, at);
    const next = end === undefined ? undefined : step(state, text[at] ?? '');
    if (end === undefined || next === undefined) return at;
    state = next;
    at = after(SPACE, text, end) ?? end;
  }
  return at;
}

/** The state after a token, told by its first character. undefined: that token may not stand here. */
function step(state: State, first: string): State | undefined {
  const { expected, open } = state;
  switch (expected) {
    case 'nothing':
      return undefined;
    case 'colon':
      return first === ':' ? { expected: 'value', open } : undefined;
    case 'key':
    case 'key-or-end':
      if (first === '"') return { expected: 'colon', open };
      return first === '}' && expected === 'key-or-end' ? closed(open) : undefined;
    case 'comma-or-end':
      if (first === ',') return { expected: open.endsWith('{') ? 'key' : 'value', open };
      return first === (open.endsWith('{') ? '}' : ']') ? closed(open) : undefined;
    case 'value':
    case 'value-or-end':
      return first === ']' && expected === 'value-or-end' ? closed(open) : value(open, first);
    default:
      return expected satisfies never;
  }
}

function value(open: string, first: string): State | undefined {
  if ('}],:'.includes(first)) return undefined;
  if (first === '{') return { expected: 'key-or-end', open: `${open}{` };
  return first === '[' ? { expected: 'value-or-end', open: `${open}[` } : afterValue(open);
}

function closed(open: string): State {
  return afterValue(open.slice(0, -1));
}

function afterValue(open: string): State {
  return { expected: open === '' ? 'nothing' : 'comma-or-end', open };
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
