/** What the nouns declare alike: the facets of reads and deletes, ids of any kind, rich text. */
import { z } from 'zod';

/** A read: repeats freely, nothing to confirm. */
export const READ = { effect: 'read', idempotent: true, confirm: { how: 'none', why: 'a read changes nothing' } } as const;

/** A delete: repeating it leaves the same state. */
export const DELETE = { effect: 'destructive', idempotent: true } as const;

/** A partial update: keys left out are left alone, sending the same keys again changes nothing. Source: backends/close-rest.md §1. */
export const UPDATE = { effect: 'write', idempotent: true } as const;

/** An id whose kind is not fixed by the field. */
export const anyId = (description: string): z.ZodString =>
  z
    .string()
    .regex(/^[a-z]{2,20}_[A-Za-z0-9_-]{1,120}$/, 'must be an id such as acti_… or oppo_…, with letters (a-z), digits, _ or - only')
    .describe(`${description} (prefix_…)`);

/** An address on the web. */
export const webAddress = (description: string): z.ZodString =>
  z
    .string()
    .max(2000)
    .regex(/^https?:\/\/[^\s]+$/, 'must be a URL that starts with https:// or http://')
    .describe(description);

const ROOT = /^<body(?:\s[^>]*)?>[\s\S]*<\/body>$/;
const TAG = /<\/?[a-zA-Z!]/;

/**
 * Close takes HTML in one `<body>` root and nothing else. Plain text is escaped and wrapped here, so that no caller has to;
 * HTML without the root is refused, because wrapping it could run what somebody only quoted. Source: backends/close-rest.md §4.
 */
export const textOrHtml = (description: string): z.ZodString =>
  z
    .string()
    .min(1)
    .refine((text) => ROOT.test(text.trim()) || !TAG.test(text), 'must be plain text, or HTML in one <body>…</body> root')
    .overwrite(rooted)
    .describe(`${description}; plain text, or HTML in one <body>…</body> root`);

function rooted(text: string): string {
  const trimmed = text.trim();
  if (ROOT.test(trimmed)) return trimmed;
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<body>${escaped
    .split(/\r?\n/)
    .map((line) => `<p>${line}</p>`)
    .join('')}</body>`;
}
