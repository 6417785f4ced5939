import type { App } from '../contract/app.ts';

/** A field that takes an id, as its schema says it. */
export interface IdField {
  readonly name: string;
  readonly description: string;
  /** `lead` of `lead_…`. */
  readonly prefix?: string | undefined;
  /** It says which object the operation is about. */
  readonly isSubject: boolean;
}

/**
 * The operations that show objects with the id that a field takes, full names, the best first: those that its description names; else
 * the list of what the field is named after, of what its ids are named after, or of the operation's own objects.
 */
export function sourcesOf(field: IdField, operation: string, app: Pick<App, 'id' | 'ids'>): readonly string[] {
  const told = named(field.description).filter((id) => app.ids.includes(id));
  if (told.length > 0) return told.map((id) => `${app.id}.${id}`);
  const listed = app.ids.filter((id) => id.endsWith('.list')).map((id) => id.slice(0, -'.list'.length));
  const noun = nounOf(field, operation, listed);
  return noun === undefined ? [] : [`${app.id}.${noun}.list`];
}

/** "from lead.find or lead.list" */
function named(description: string): readonly string[] {
  const [, list = ''] = /\bfrom ([a-z_]+\.[a-z_]+(?:(?:,| or) (?:[a-z ]+ of )?[a-z_]+\.[a-z_]+)*)/.exec(description) ?? [];
  return list.match(/[a-z_]+\.[a-z_]+/g) ?? [];
}

/** Words that fields end with and that name no kind of object. */
const VAGUE: readonly string[] = ['object', 'field', 'message', 'type'];

function nounOf({ name, prefix, isSubject }: IdField, operation: string, listed: readonly string[]): string | undefined {
  const [own = ''] = operation.split('.');
  const stem = name.replace(/__in$/, '').replace(/_ids?$/, '');
  const word = stem.split('_').at(-1) ?? stem;
  const alike = (test: (noun: string) => boolean): string | undefined =>
    listed.filter(test).toSorted((a, b) => Number(kin(own, b)) - Number(kin(own, a)) || a.length - b.length)[0];
  const exact = listed.find((noun) => noun === stem);
  if (exact !== undefined) return exact;
  return (
    (VAGUE.includes(word) ? undefined : alike((noun) => noun === word || noun.endsWith(`_${word}`))) ??
    (prefix === undefined ? undefined : alike((noun) => noun.startsWith(prefix))) ??
    (isSubject ? listed.find((noun) => noun === own) : undefined)
  );
}

/** `email_template` is nearer to an e-mail than `sms_template`. */
function kin(own: string, noun: string): boolean {
  return own.startsWith(noun) || own === noun.split('_')[0];
}
