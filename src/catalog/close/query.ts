/** Close's search text, the language of its search box. Source: backends/close-rest.md §9; how quotes are escaped is a guess. */

/** A phrase. Without the escapes a quote in a company's name would end the phrase, and the rest be read as search terms. */
export function phrase(text: string): string {
  return `"${text.trim().replaceAll(/["\\]/g, '\\$&').replaceAll(/\s+/g, ' ')}"`;
}

export const nameQuery = (name: string): string => `name:${phrase(name)}`;

export const emailQuery = (email: string): string => `email_address:${phrase(email)}`;

/** Newest changes first, for what the search box cannot search by. Source: backends/close-rest.md §9. */
export const NEWEST = 'sort:-date_updated';

/** Leads among which one of this name is: the search box knows words, so that a name without any has to be looked for by hand. */
export function leadsNamed(name: string): string {
  return /[\p{L}\p{N}]/u.test(name) ? nameQuery(name) : NEWEST;
}
