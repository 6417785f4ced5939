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
  finish: ['complete'],
  done: ['complete'],
  dispatch: ['send'],
  whoami: ['me'],
  workflow: ['sequence'],
  drip: ['sequence'],
  campaign: ['sequence'],
  cadence: ['sequence'],
};

/** What other products call the values of fields, without spaces and signs. Sources: the vendors' tools and public skills; other CRMs. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  incoming: ['inbound'],
  in: ['inbound'],
  received: ['inbound', 'inbox'],
  outgoing: ['outbound'],
  out: ['outbound'],
  send: ['outbox'],
  sending: ['outbox'],
  queued: ['outbox'],
  done: ['completed', 'finished'],
  finished: ['completed'],
  answered: ['completed'],
  missed: ['noanswer'],
  stop: ['paused'],
  stopped: ['paused'],
  inactive: ['paused'],
  running: ['active'],
  open: ['active'],
  yearly: ['annual'],
  year: ['annual'],
  annually: ['annual'],
  month: ['monthly'],
  once: ['onetime'],
  onetime: ['onetime'],
  work: ['office'],
  cell: ['mobile'],
};

/** A word without its plural: `leads` → `lead`, `companies` → `company`. */
export function singular(word: string): string {
  if (word.length < 4 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(?:s|x|ch|sh)es$/.test(word) ? word.slice(0, -2) : word.replace(/s$/, '');
}
