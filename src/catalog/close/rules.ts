/** Rules between fields that several nouns share. Each says what is wrong and what to do, at the field that is to change. */
import type { z } from 'zod';

/** Adds a problem at a field. */
export function refuse(context: z.RefinementCtx, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}

interface Sending {
  readonly status?: string | undefined;
  readonly date_scheduled?: string | null | undefined;
  readonly send_in?: number | null | undefined;
}

/** When a message leaves: a time goes with `scheduled`, an undo window with `outbox`. */
export function checkSending(input: Sending, context: z.RefinementCtx): void {
  if (input.status === 'scheduled' && !input.date_scheduled)
    refuse(context, 'date_scheduled', 'is required with status scheduled: the time at which to send');
  if (input.status === 'outbox' && input.date_scheduled)
    refuse(context, 'date_scheduled', 'does not go with status outbox, which sends at once; use status scheduled to send at that time');
  if (input.send_in !== undefined && input.status !== 'outbox')
    refuse(context, 'send_in', 'goes with status outbox only; to send at a set time use status scheduled with date_scheduled');
}

/** Whether this status makes Close deliver the message to a person. */
export function delivers(input: { readonly [name: string]: unknown }): boolean {
  return input['status'] === 'outbox' || input['status'] === 'scheduled';
}

interface Noted {
  readonly note?: string | null | undefined;
  readonly note_html?: string | null | undefined;
}

/** Close keeps one text and lets `note_html` win, so that a plain note beside it would be lost without a word. */
export function checkNote(input: Noted, context: z.RefinementCtx): void {
  if (typeof input.note === 'string' && typeof input.note_html === 'string')
    refuse(context, 'note', 'cannot be given together with note_html: they are one text in Close, and note_html would replace note');
}

interface CustomChange {
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
  readonly custom_add?: Readonly<Record<string, unknown>> | undefined;
  readonly custom_remove?: Readonly<Record<string, unknown>> | undefined;
}

/** One update of a custom field replaces it, adds to it or removes from it; two at once have no defined order in Close. */
export function checkCustom(input: CustomChange, context: z.RefinementCtx): void {
  const groups = { custom: input.custom, custom_add: input.custom_add, custom_remove: input.custom_remove };
  const seen = new Set<string>();
  for (const [group, values] of Object.entries(groups)) {
    for (const field of Object.keys(values ?? {})) {
      if (seen.has(field))
        refuse(context, group, `changes ${field} a second time: set it in custom, or use custom_add or custom_remove, not two of them`);
      seen.add(field);
    }
  }
}
