import { anything, email, listOf, phone, shape, text } from './checks.ts';
import type { Fields } from './kind.ts';

/** What a contact holds, alone or inside a new lead. Lists are replaced whole. guess: email and phone `type` vocabularies. */
export const contactFields: Fields = {
  name: text(1000),
  title: text(1000),
  emails: listOf(shape({ email, type: text(100) }, ['email']), 100),
  phones: listOf(shape({ phone, type: text(100) }, ['phone']), 100),
  urls: listOf(shape({ url: text(2000), type: text(100) }, ['url']), 100),
  timezone: text(100),
};

export const newContact = shape({ ...contactFields, custom: anything });
