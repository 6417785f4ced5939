import type { JsonObject } from '../../contract/guards.ts';
import type { Scope } from './kind.ts';
import { objects, type Row, textOf } from './row.ts';
import { find } from './rows.ts';

export function leadName(scope: Scope, id: unknown): string | null {
  const lead = find(scope, 'lead', id);
  return lead ? leadTitle(scope, lead) : null;
}

/** guess: an unnamed lead is called after its first contact, else "Untitled". */
export function leadTitle(scope: Scope, lead: Row): string {
  const [first] = scope.store.under('contact', lead.id);
  return textOf(lead, 'name') || (first && contactTitle(first)) || 'Untitled';
}

export function contactName(scope: Scope, id: unknown): string | null {
  const contact = find(scope, 'contact', id);
  return contact ? contactTitle(contact) : null;
}

/** The name, else the first address or number. */
export function contactTitle(contact: Row): string {
  const first = (list: string, field: string): string => textOf(objects(contact[list])[0] ?? {}, field);
  return textOf(contact, 'name') || first('emails', 'email') || first('phones', 'phone') || 'Unknown contact';
}

/** The lead that a body means: its own, else that of its contact. */
export function leadOf(scope: Scope, body: JsonObject): string | undefined {
  if (typeof body['lead_id'] === 'string') return body['lead_id'];
  const lead = find(scope, 'contact', body['contact_id'])?.['lead_id'];
  return typeof lead === 'string' ? lead : undefined;
}
