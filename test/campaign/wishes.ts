import type { JsonObject } from '../../src/contract/guards.ts';
import type { Chance } from './chance.ts';

/** What a caller wants done once. */
export interface Wish {
  readonly operation: string;
  readonly input: JsonObject;
  /** Whether it is asked for under an idempotency key. */
  readonly key?: string;
  /** How many callers ask for it with that key at the same time. */
  readonly callers: number;
}

/** Objects that wishes can be about, by noun; the newest last. */
export type Stock = Map<string, string[]>;

/** Lists stay short when only the newest leads are worked on. */
const NEWEST = 12;

const PHONES = { local_phone: '+14155550100', remote_phone: '+14155550132' };

type Maker = (about: (noun: string) => string, mark: string, chance: Chance) => JsonObject;

/** How often each write is wished for, and its input; every input is unlike every other. */
const MAKERS: readonly (readonly [weight: number, operation: string, needs: readonly string[], make: Maker])[] = [
  [10, 'lead.create', [], (_, mark) => ({ name: `Campaign ${mark} GmbH`, contacts: [{ name: `Contact ${mark}` }] })],
  [10, 'contact.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), name: `Bea ${mark}` })],
  [16, 'task.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), text: `Call ${mark}`, date: '2027-03-01' })],
  [10, 'note.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), note: `Note ${mark} & more` })],
  [10, 'call.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), direction: 'outbound', duration: 61, note: `Call ${mark}` })],
  [8, 'sms.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), status: 'outbox', text: `Hi ${mark}`, ...PHONES })],
  [8, 'email.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), status: 'outbox', ...letter(mark) })],
  [3, 'sms.create', ['lead'], (a, mark) => ({ lead_id: a('lead'), status: 'draft', text: `Draft ${mark}`, ...PHONES })],
  [5, 'opportunity.create', ['lead'], (a, mark, chance) => ({ lead_id: a('lead'), value: chance.below(1e9), note: `Deal ${mark}` })],
  [3, 'comment.create', ['note'], (a, mark) => ({ object_id: a('note'), body: `<body><p>Comment ${mark}</p></body>` })],
  [1, 'webhook.create', [], (_, mark) => ({ url: `https://hooks.example/${mark}`, events: [{ object_type: 'lead', action: 'created' }] })],
  [1, 'custom_field_lead.create', [], (_, mark) => ({ name: `Field ${mark}`, type: 'text' })],
  [9, 'lead.update', ['lead'], (a, mark) => ({ lead_id: a('lead'), description: `About ${mark}` })],
  [4, 'contact.update', ['contact'], (a, mark) => ({ contact_id: a('contact'), title: `Head of ${mark}` })],
  [5, 'opportunity.update', ['opportunity'], (a, mark) => ({ opportunity_id: a('opportunity'), note: `Now ${mark}` })],
  [4, 'task.update', ['task'], (a, mark) => ({ task_id: a('task'), text: `Rather ${mark}` })],
  [2, 'sms.update', ['draft'], (a) => ({ sms_id: a('draft'), status: 'outbox' })],
  [4, 'task.delete', ['task'], (a) => ({ task_id: a('task') })],
  [3, 'note.delete', ['note'], (a) => ({ note_id: a('note') })],
  [2, 'lead.delete', ['lead', 'lead', 'lead'], (a) => ({ lead_id: a('lead') })],
  [1, 'lead.merge', ['lead', 'lead', 'lead'], (a) => ({ source: a('lead'), destination: a('lead') })],
];

function letter(mark: string): JsonObject {
  return { sender: 'ada@fernhill.example', to: ['ingrid@northpine.example'], subject: `Offer ${mark}`, body_text: `Hello ${mark}` };
}

/** What is wished for at the same time: mostly one thing; now and then the same twice, on purpose or by a caller who asks again. */
export function wishesOf(chance: Chance, stock: Stock, mark: string): readonly [Wish, ...Wish[]] {
  const possible = MAKERS.filter(([, , needs]) => isPossible(stock, needs));
  const [operation, make] = chance.weighted(possible.map(([weight, id, , maker]) => [weight, [id, maker] as const]));
  const taken = new Set<string>();
  const about = (noun: string): string => {
    const left = (stock.get(noun) ?? []).slice(-NEWEST).filter((id) => !taken.has(id));
    const id = left[chance.below(left.length)] ?? '';
    taken.add(id);
    return id;
  };
  const input = make(about, mark, chance);
  const keyed = chance.share() < 0.6;
  const callers = keyed && chance.share() < 0.08 ? 2 : 1;
  const wish: Wish = { operation, input, callers, ...(keyed ? { key: mark } : {}) };
  const isTwin = operation === 'task.create' && chance.share() < 0.25;
  return isTwin ? [wish, { ...wish, ...(keyed ? { key: `${mark} again` } : {}) }] : [wish];
}

function isPossible(stock: Stock, needs: readonly string[]): boolean {
  return needs.every((noun, at) => (stock.get(noun)?.length ?? 0) > needs.slice(0, at).filter((one) => one === noun).length);
}
