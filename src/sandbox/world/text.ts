import type { JsonObject } from '../../contract/guards.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

/** Plain text as Close's rich text: paragraphs in one `<body>`. */
export function richText(text: string): string {
  return `<body>${text
    .split('\n')
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('')}</body>`;
}

export function plainText(html: string): string {
  return html
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll(/<\/(p|div|li|h\d)>\s*(?=<(p|div|li|h\d))/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .trim();
}

/** Rich text has exactly one `<body>` root. */
export function isRichText(html: string): boolean {
  return /^\s*<body\b[^>]*>[\s\S]*<\/body>\s*$/i.test(html) && (html.match(/<body\b/gi)?.length ?? 0) === 1;
}

/** `note` and `note_html` rewrite each other; `note_html` wins if both are sent. */
export function settleNote(given: JsonObject, plain: string, html: string): JsonObject {
  const rich = given[html];
  const text = given[plain];
  if (typeof rich === 'string') return { [plain]: plainText(rich), [html]: rich };
  if (typeof text === 'string') return { [plain]: text, [html]: richText(text) };
  if (rich === null || text === null) return { [plain]: '', [html]: richText('') };
  return {};
}

/** Word match without case or accents, as in Close's text search. */
export function words(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

export function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** The words of `wanted` stand in `text` one after the other. */
export function hasPhrase(text: string, wanted: string): boolean {
  const sought = words(wanted);
  return sought.length > 0 && ` ${words(text).join(' ')} `.includes(` ${sought.join(' ')} `);
}
