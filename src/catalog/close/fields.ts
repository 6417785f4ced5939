/** The field types that Close's nouns share. Source: backends/close-rest.md §3–5 and Close's own reference. */
import { z } from 'zod';

/** An id with one of the given prefixes and nothing that could leave a path: letters, digits, `_`, `-`. */
export function id(prefix: string | readonly string[], description: string): z.ZodString {
  const prefixes = typeof prefix === 'string' ? [prefix] : prefix;
  return z
    .string()
    .regex(
      new RegExp(`^(?:${prefixes.join('|')})_[A-Za-z0-9_-]{1,120}$`),
      `must be an id that starts with ${prefixes.map((p) => `${p}_`).join(' or ')}, followed by letters (a-z), digits, _ or - only`,
    )
    .describe(`${description} (${prefixes.map((p) => `${p}_…`).join(' or ')})`);
}

/** One id, or a list of two or more. */
export function idOrIds(
  prefix: string | readonly string[],
  description: string,
): z.ZodUnion<readonly [z.ZodString, z.ZodArray<z.ZodString>]> {
  const one = id(prefix, description);
  return z.union([one, z.array(one).min(2).max(100)]).describe(`${description}; one id, or a list of two or more`);
}

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;

/** A calendar day, `YYYY-MM-DD`. */
export const day = (description: string): z.ZodString =>
  z.string().regex(DATE, 'must be a date YYYY-MM-DD').describe(`${description}; date YYYY-MM-DD`);

/** An instant, ISO 8601. Without an offset it is UTC. */
export const instant = (description: string): z.ZodString =>
  z.string().regex(INSTANT, 'must be an ISO 8601 date-time').describe(`${description}; ISO 8601 date-time, UTC when it has no offset`);

/** A day or an instant; the precision that was given is kept. */
export const dayOrInstant = (description: string): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`${DATE.source}|${INSTANT.source}`), 'must be a date YYYY-MM-DD or an ISO 8601 date-time')
    .describe(`${description}; date YYYY-MM-DD or ISO 8601 date-time, kept as precise as given`);

/** Custom field values by field id. `null` clears. */
export const custom = z
  .record(
    z.string().regex(/^cf_[A-Za-z0-9_-]{1,120}$/, 'must be a custom field id: cf_, followed by letters (a-z), digits, _ or - only'),
    z.unknown(),
  )
  .describe('Custom field values by field id, {"cf_…": value}; null clears a value, a list sets a multi-value field');

/** Close's largest page for leads; other resources do not publish theirs. */
export const MAX_LIMIT = 200;
export const MAX_SKIP = 35_000;

/** Offset paging. A larger `limit` is lowered to the largest by validation, see `router/validate.ts`. */
export const paging = {
  limit: z.int().min(1).max(MAX_LIMIT).optional().describe('Objects per page, 1–200; default 100'),
  skip: z.int().min(0).max(MAX_SKIP).optional().describe('Objects to pass over, 0–35000'),
};

export const fields = z
  .array(z.string().regex(/^[A-Za-z0-9_.]+$/, 'must be the name of a field: letters, digits, _ or . only'))
  .min(1)
  .optional()
  .describe('Names of the fields to return; ask for id too if you need it');

/** What every list answers. */
export function listOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ data: z.ZodArray<Item>; has_more: z.ZodBoolean; total_results: z.ZodOptional<z.ZodInt> }, z.core.$loose> {
  return z.looseObject({
    data: z.array(item).describe('The objects of this page'),
    has_more: z.boolean().describe('More objects follow this page'),
    total_results: z.int().optional().describe('Objects in all, where the app counts them'),
  });
}

/** What every delete answers. */
export const deleted = z.strictObject({ deleted: z.literal(true).describe('It is gone; a failure is an error instead') });
