/** What the names of tools look like, and what only looks like one. */

/** Composio: `CLOSE_CREATE_LEAD`. */
const SLUG = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/** Scalekit and alike: `close_lead_create`. */
const SNAKE = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

/** Membrane: `create-lead`, and now and then `app.create-lead`. */
const KEY = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+$/;

/** Names that templates put where a real one belongs. */
const PLACEHOLDER =
  /TOOL_SLUG|SLUG_FROM|FROM_SEARCH|(?:^|_)YOUR_|_HERE$|^(?:ACTION|CONNECTION|CONNECTOR|AUTH_CONFIG|USER|SESSION)_(?:ID|KEY)$|(?:^|_)API_KEY$/;

/** Tools about tools: they say how a skill works, not what it does. */
const META = /^(?:RUBE|COMPOSIO)_[A-Z_]+$/;

export function isSlug(text: string): boolean {
  return SLUG.test(text) && !PLACEHOLDER.test(text) && !META.test(text);
}

export function isMetaTool(text: string): boolean {
  return META.test(text);
}

export function isToolName(text: string): boolean {
  return isSlug(text) || SNAKE.test(text);
}

export function isActionKey(text: string): boolean {
  return KEY.test(text);
}

/** `lead.create`, `close.lead.create`. */
export function isOperationName(text: string): boolean {
  return /^(?:[a-z]+\.)?[a-z][a-z_]*\.[a-z_]+$/.test(text);
}

/** The slugs in a text, each once. */
export function slugsIn(text: string): readonly string[] {
  return [...new Set((text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []).filter(isSlug))];
}

/** The tool names of either shape in a text, each once. */
export function toolNamesIn(text: string): readonly string[] {
  return [...new Set((text.match(/\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b/g) ?? []).filter(isToolName))];
}

/** Names of arguments in a cell or a sentence: `lead_id, direction (required)`. Prose yields none. */
export function argumentNamesIn(text: string): readonly string[] {
  const parts = text.replaceAll(/\([^()]*\)|\[[^[\]]*\]|[`*]/g, ' ').split(/[,;/]|\s+(?:and|or|\+|&)\s+/);
  const names = parts.map((part) => part.trim()).filter((part) => /^_{0,2}[a-zA-Z][\w.]*$/.test(part));
  return names.length > 0 && parts.length > names.length * 2 ? [] : names.filter((name) => !NO_NAME.has(name.toLowerCase()));
}

const NO_NAME: ReadonlySet<string> = new Set([
  'none',
  'no',
  'na',
  'n',
  'a',
  'optional',
  'required',
  'params',
  'parameters',
  'varies',
  'various',
  'any',
  'etc',
  'all',
]);

/** Lower case, words with hyphens: how hosts tell skills apart. */
export function slugOf(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64)
    .replaceAll(/-+$/g, '');
  return slug === '' ? 'skill' : slug;
}
