/** The words that people and other products use, as the catalogue says them. */

/** What people say → what Close calls it. Sources: close.com's product words, other CRMs' names, and the tools of public skills. */
export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  company: ['lead'],
  customer: ['lead'],
  client: ['lead'],
  account: ['lead'],
  prospect: ['lead'],
  business: ['lead'],
  person: ['contact'],
  people: ['contact'],
  deal: ['opportunity'],
  text: ['sms'],
  message: ['sms', 'email'],
  mail: ['email'],
  phone: ['call'],
  ring: ['call'],
  reminder: ['task'],
  todo: ['task'],
  add: ['create'],
  new: ['create'],
  make: ['create'],
  insert: ['create'],
  edit: ['update'],
  change: ['update'],
  modify: ['update'],
  remove: ['delete'],
  show: ['get'],
  read: ['get'],
  fetch: ['get'],
  retrieve: ['get'],
  search: ['find', 'list', 'search'],
  whoami: ['me'],
  workflow: ['sequence'],
  drip: ['sequence'],
  campaign: ['sequence'],
  cadence: ['sequence'],
};

/** A word without its plural: `leads` → `lead`, `companies` → `company`. */
export function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(?:s|x|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.replace(/s$/, '');
}
