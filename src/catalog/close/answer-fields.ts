/**
 * The kinds of fields in what Close answers. Described precisely, read leniently: Close leaves empty fields out or sends null, tools
 * leave out more, `fields` leaves out what was not named, and a value that nobody has seen before must not make an answer unreadable.
 */
import { z } from 'zod';

type Lenient<Schema extends z.ZodType> = z.ZodOptional<z.ZodNullable<Schema>>;

export const text = (description: string): Lenient<z.ZodString> => z.string().nullish().describe(description);

/** The id of another object. */
export const ref = (prefix: string, description: string): Lenient<z.ZodString> => text(`${description} (${prefix}_…)`);

/** Ids of other objects. */
export const refs = (prefix: string, description: string): Lenient<z.ZodArray<z.ZodString>> =>
  z
    .array(z.string().describe(`${prefix}_…`))
    .nullish()
    .describe(`${description} (${prefix}_…)`);

export const texts = (description: string): Lenient<z.ZodArray<z.ZodString>> => z.array(z.string()).nullish().describe(description);

export const flag = (description: string): Lenient<z.ZodBoolean> => z.boolean().nullish().describe(description);

/** A count or an amount; the description names the unit. */
export const number = (description: string): Lenient<z.ZodNumber> => z.number().nullish().describe(description);

export const moment = (description: string): Lenient<z.ZodString> => text(`${description}; ISO 8601 date-time`);

/** What SQL-born objects have: no offset, read as UTC. Source: backends/close-rest.md §4. */
export const utcMoment = (description: string): Lenient<z.ZodString> => text(`${description}; ISO 8601 date-time without offset, UTC`);

/** A list of objects. */
export const list = <Item extends z.ZodType>(item: Item, description: string): Lenient<z.ZodArray<Item>> =>
  z.array(item).nullish().describe(description);

/** An object or a value whose inside Close does not publish. */
export const opaque = (description: string): z.ZodOptional<z.ZodUnknown> => z.unknown().optional().describe(description);

/** Values of custom fields, as the app returns them. */
export const custom: z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodUnknown>> = z
  .record(z.string(), z.unknown())
  .optional()
  .describe('Custom field values by field id, {"cf_…": value}; only fields that have one, a multi-value field holds a list');

/** Who and when of any object. */
export const stamps = {
  organization_id: ref('orga', 'The organization that owns it'),
  created_by: ref('user', 'Who made it'),
  updated_by: ref('user', 'Who changed it last'),
  date_created: moment('When Close learned of it'),
  date_updated: moment('When it was changed last'),
};

/** The names beside the ids of `stamps`, which most objects have. */
export const stampNames = {
  created_by_name: text('Name of who made it'),
  updated_by_name: text('Name of who changed it last'),
};

/** The stamps of pipelines and webhooks. */
export const utcStamps = {
  ...stamps,
  date_created: utcMoment('When it was made'),
  date_updated: utcMoment('When it was changed last'),
};

/** The stamps of sequences and enrolments, under names of their own. */
export const utcIdStamps = {
  organization_id: stamps.organization_id,
  created_by_id: ref('user', 'Who made it'),
  updated_by_id: ref('user', 'Who changed it last'),
  date_created: utcStamps.date_created,
  date_updated: utcStamps.date_updated,
};

const file = z.looseObject({
  url: text('Address of the file, https://app.close.com/go/file/…'),
  filename: text('Name of the file'),
  content_type: text('MIME type, e.g. application/pdf'),
  size: number('Size in bytes'),
  thumbnail_url: text('Address of a small picture of it'),
});

/** Files that hang on an object. */
export const attachments: Lenient<z.ZodArray<typeof file>> = list(file, 'Attached files');

const integrationLink = z.looseObject({ name: text('Name of the link as people see it'), url: text('Where it leads') });

/** Links to other tools, as the organization set them up. */
export const integrationLinks: Lenient<z.ZodArray<typeof integrationLink>> = list(integrationLink, 'Links to other tools');

/** Either side of a call or an SMS. */
export const numbers = {
  local_phone: text('Our number, E.164'),
  local_phone_formatted: text('Our number as people read it'),
  local_country_iso: text('Country of our number, two letters of ISO 3166'),
  remote_phone: text('Their number, E.164'),
  remote_phone_formatted: text('Their number as people read it'),
  remote_country_iso: text('Country of their number, two letters of ISO 3166'),
};

/** The sequence that made a call, an e-mail or an SMS. */
export const fromSequence = {
  sequence_id: ref('seq', 'The sequence that made it'),
  sequence_name: text('Name of that sequence'),
  sequence_subscription_id: ref('sub', 'The enrolment that made it'),
};
