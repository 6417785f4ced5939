/** When two things are probably the same to people, although Close takes both. Source: the pitfalls of lead.create and contact.create. */
import { isObject, type JsonObject, stringAt } from '../../contract/guards.ts';
import { dialled, fold } from './intents-lead.ts';

/** A trait by which something is taken for something else. */
export interface Mark {
  /** For people: `name`, `email`. */
  readonly trait: string;
  /** Equal for what looks equal. Never shown. */
  readonly value: string;
  /** A read whose `data` lists what the app has with this trait. */
  readonly find?: { readonly operation: string; readonly input: JsonObject };
}

/** What an input of this operation would be known by. Empty: nothing tells. */
export function marksOf(operation: string, input: JsonObject): readonly Mark[] {
  if (operation === 'lead.create') return leadMarks(input);
  if (operation === 'contact.create') return contactMarks(input);
  return [];
}

function leadMarks(input: JsonObject): readonly Mark[] {
  const name = stringAt(input, 'name');
  const contacts = objectsAt(input, 'contacts');
  return [
    ...(name === undefined ? [] : [marked('name', name, 'name')]),
    ...contacts.flatMap((contact) => textsAt(contact, 'emails', 'email')).map((email) => marked('email', email, 'email')),
    ...contacts.flatMap((contact) => textsAt(contact, 'phones', 'phone')).map((phone) => marked('phone', dialled(phone), 'phone', phone)),
  ];
}

/** The same person may well be at two leads. */
function contactMarks(input: JsonObject): readonly Mark[] {
  const lead = stringAt(input, 'lead_id') ?? '';
  const at = (trait: string, value: string): Mark => ({ trait, value: `${lead} ${fold(value)}` });
  const name = stringAt(input, 'name');
  return [
    ...(name === undefined ? [] : [at('name', name)]),
    ...textsAt(input, 'emails', 'email').map((email) => at('email', email)),
    ...textsAt(input, 'phones', 'phone').map((phone) => at('phone', dialled(phone))),
  ];
}

function marked(trait: string, value: string, field: string, wanted = value): Mark {
  return { trait, value: fold(value) ?? '', find: { operation: 'lead.find', input: { [field]: wanted } } };
}

function objectsAt(input: JsonObject, key: string): readonly JsonObject[] {
  const found = input[key];
  return Array.isArray(found) ? found.filter(isObject) : [];
}

function textsAt(input: JsonObject, list: string, field: string): readonly string[] {
  return objectsAt(input, list).flatMap((entry) => stringAt(entry, field) ?? []);
}
