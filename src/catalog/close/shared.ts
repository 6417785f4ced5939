/** Field shapes that leads, contacts, opportunities, tasks and activities share. Source: Close's reference, resources of the same names. */
import { z } from 'zod';
import { dayOrInstant } from './fields.ts';

const oneValue = z.union([z.string(), z.number(), z.boolean()]);
const byField = z.record(z.string().regex(/^cf_[A-Za-z0-9_-]{1,120}$/, 'must be a custom field id cf_…'), oneValue);

/** Changes to multi-value custom fields that leave their other values alone; on updates only. */
export const customChanges = {
  custom_add: byField.optional().describe('Adds one value to a multi-value custom field, {"cf_…": value}; its other values stay'),
  custom_remove: byField.optional().describe('Removes one value from a multi-value custom field, {"cf_…": value}; its other values stay'),
};

type Bound = 'gt' | 'gte' | 'lt' | 'lte';
const BOUNDS: Readonly<Record<Bound, string>> = { gt: 'after', gte: 'at or after', lt: 'before', lte: 'at or before' };

/** The four bounds of a date filter, named as Close names them: `date_created__gte` and so on. */
export function range<const Name extends string>(
  name: Name,
  what: string,
  filter: (description: string) => z.ZodString = dayOrInstant,
): Record<`${Name}__${Bound}`, z.ZodOptional<z.ZodString>> {
  const bounds = Object.entries(BOUNDS).map(([bound, word]) => [`${name}__${bound}`, filter(`Only what ${what} ${word} this`).optional()]);
  // Object.fromEntries forgets the names that the template above spells out.
  return Object.fromEntries(bounds) as Record<`${Name}__${Bound}`, z.ZodOptional<z.ZodString>>;
}

/** HTML in the one form that Close takes. */
export const richText = (description: string): z.ZodString =>
  z
    .string()
    .regex(/^\s*<body>[\s\S]*<\/body>\s*$/, 'must be HTML inside one <body>…</body>; for plain text use note')
    .describe(`${description}; HTML inside one <body>…</body>`);

export const phoneNumber = (description: string): z.ZodString =>
  z.string().min(3).max(50).describe(`${description}; best as E.164 (+14155550132)`);

/** Lenient as Close is; the pattern only keeps out what is no address at all. */
export const mailAddress = (description: string): z.ZodEmail => z.email({ pattern: z.regexes.unicodeEmail }).describe(description);

export const httpsUrl = (description: string): z.ZodString =>
  z
    .string()
    .regex(/^https:\/\/[^\s/]+\S*$/, 'must be a URL that starts with https://')
    .describe(`${description}; https:// only`);

/** A file that `file.upload` brought to Close. */
export const attachment = z.strictObject({
  url: z.string().min(1).describe('Address of the uploaded file, the download.url of the upload, https://app.close.com/go/file/…'),
  filename: z.string().min(1).describe('Name of the file as people see it'),
  content_type: z.string().optional().describe('MIME type, e.g. application/pdf'),
});
