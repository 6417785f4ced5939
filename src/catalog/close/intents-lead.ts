/** Finding the one lead that is meant. */
import { z } from 'zod';
import { RouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject, stringAt } from '../../contract/guards.ts';
import { intent } from '../operation.ts';
import { MAX_LIMIT, MAX_SKIP } from './fields.ts';
import { lead } from './lead.ts';
import { emailQuery, nameQuery, phrase } from './query.ts';
import { itemsOf } from './replies.ts';
import { mailAddress, phoneNumber } from './shared.ts';

type Call = (operation: string, input: JsonObject) => Promise<unknown>;

const wanted = z.strictObject({
  name: z.string().trim().min(1).max(1000).optional().describe('The whole company name; case and outer spaces do not matter'),
  email: mailAddress('The whole e-mail address of a contact of the lead').optional(),
  phone: phoneNumber('The whole phone number of a contact of the lead').optional(),
  url: z.string().trim().min(1).max(2000).optional().describe('The web site of the lead; http(s):// and a last slash do not matter'),
});

type Wanted = z.output<typeof wanted>;

export const leadFind = intent({
  app: 'close',
  id: 'lead.find',
  summary: 'Find leads whose name, contact e-mail, contact phone or web site equals the one given; never a near miss',
  input: wanted.superRefine((input, context) => {
    if (Object.values(input).every((value) => value === undefined))
      context.addIssue({ code: 'custom', path: [], message: 'needs at least one of name, email, phone, url' });
  }),
  output: z.strictObject({
    data: z.array(lead).describe('Every lead that equals in all that was given; empty when there is none'),
    exact: z.literal(true).describe('Nothing fuzzy is among them'),
  }),
  effect: 'read',
  operation: 'lead.list',
  run: async (input, call) => {
    const what = wanted.parse(input);
    const found = await everyLead(queryOf(what), call);
    return { data: found.filter((one) => equals(one, what)), exact: true };
  },
  example: { name: 'Northpine Logistics', email: 'ingrid@northpine.example' },
  pitfalls: [
    'Several leads can have the same name: ask, or give a second field, before writing to one of them.',
    'A lead made within the last minute may not be found yet.',
  ],
});

/** Narrows the search; what it lets through is compared afterwards. Close names no search field for phones and web sites, so these go as plain phrases. */
function queryOf({ name, email, phone, url }: Wanted): string {
  const terms = [name && nameQuery(name), email && emailQuery(email), phone && phrase(dialled(phone)), url && phrase(bareUrl(url))];
  return terms.filter(Boolean).join(' ');
}

/** All pages: an exact match can stand behind any number of fuzzy ones. */
async function everyLead(query: string, call: Call): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  while (found.length <= MAX_SKIP) {
    const page = await call('lead.list', { query, limit: MAX_LIMIT, skip: found.length });
    const items = itemsOf(page, 'lead.list');
    found.push(...items);
    if (items.length === 0 || !isObject(page) || page['has_more'] !== true) return found;
  }
  throw new RouterError('invalid_input', {
    operation: 'close.lead.find',
    what: `more than ${MAX_SKIP} leads look alike, and Close shows no more of them`,
    next: 'Give a second field, for example email beside name.',
  });
}

function equals(found: JsonObject, { name, email, phone, url }: Wanted): boolean {
  return (
    (name === undefined || fold(stringAt(found, 'name')) === fold(name)) &&
    (email === undefined || atContacts(found, 'emails', 'email').some((one) => fold(one) === fold(email))) &&
    (phone === undefined || atContacts(found, 'phones', 'phone').some((one) => dialled(one) === dialled(phone))) &&
    (url === undefined || bareUrl(stringAt(found, 'url') ?? '') === bareUrl(url))
  );
}

function atContacts(found: JsonObject, list: string, field: string): readonly string[] {
  const contacts = Array.isArray(found['contacts']) ? found['contacts'].filter(isObject) : [];
  const entries = contacts.flatMap((contact) => (Array.isArray(contact[list]) ? contact[list] : []));
  return entries.flatMap((entry) => stringAt(entry, field) ?? []);
}

/** Composed and decomposed letters look the same to people, and so do capitals and outer spaces. */
export function fold(text: string | undefined): string | undefined {
  return text?.trim().normalize('NFC').toLowerCase();
}

/** A number as it is dialled, without the signs that people put between digits. What has no digit is compared as text. */
export function dialled(phone: string): string {
  return /\d/.test(phone) ? phone.replaceAll(/[^\d+]/g, '') : phone;
}

function bareUrl(url: string): string {
  return (fold(url) ?? '').replace(/^https?:\/\//, '').replace(/\/+$/, '');
}
