import { isObject, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Confirm } from '../contract/operation.ts';
import { blind, type Doubt, type Finding, isRepeatable, isSettled, poll, unsure } from './doubt.ts';
import { holds } from './same.ts';

export type Search = Extract<Confirm, { how: 'search' }>;

/** Looks for the object of the write in the app's own list. */
export async function search(doubt: Doubt, way: Search): Promise<Finding> {
  const { input } = doubt;
  const filter = {
    ...Object.fromEntries(way.by.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]]))),
    ...way.where?.(input),
  };
  return poll(doubt, async () => {
    const settled = isSettled(doubt);
    const seen = await pages(doubt, way.list, filter);
    if ('kind' in seen) return seen;
    if (seen.objects === undefined) return undefined;
    const alike = seen.objects.filter((object) => holds(object, input, [...way.same, 'date_created']));
    // Where it makes no difference who made it, an older one is as good.
    if (doubt.operation.idempotent && alike[0]) return { kind: 'present', data: alike[0] };
    if (isRepeatable(doubt)) return { kind: 'harmless' };
    const sentAt = seen.appTime === undefined ? undefined : seen.appTime - doubt.sinceSentMs();
    const found = await own(doubt, alike, sentAt);
    if (found !== 'none') return found === 'later' ? undefined : found;
    if (!settled) return undefined;
    return seen.whole ? { kind: 'absent' } : unsure(`there are more than ${MOST_PAGES * PAGE} objects to look through`);
  });
}

/**
 * The object of this call among those that look like it: made since it was sent, and nobody else's. `later`: there is one that
 * may be an equal call's, which only its answer can tell; that this call's is absent is not proved as long.
 */
async function own(doubt: Doubt, alike: readonly JsonObject[], sentAt: number | undefined): Promise<Finding | 'none' | 'later'> {
  if (alike.length === 0) return 'none';
  const { ours, free: foreign } = await sorted(doubt, alike);
  if (sentAt === undefined)
    return foreign.length > 0 ? unsure('the app does not tell its time, so an older object cannot be told from this one') : 'none';
  const isRecent = (object: JsonObject): boolean => madeAt(object, doubt.input) >= sentAt - CLOCK_GRAIN_MS;
  const noted = ours.find(isRecent);
  if (noted) return { kind: 'present', data: noted };
  // The oldest first: a call that was sent later cannot have made it, and would find nothing of its own in what is left.
  const free = foreign.filter(isRecent).toSorted((a, b) => madeAt(a, doubt.input) - madeAt(b, doubt.input));
  const { sending, doubting } = doubt.rivals();
  const [first] = free;
  if (first === undefined && foreign.some((object) => Number.isNaN(madeAt(object, doubt.input))))
    return unsure('an equal object exists, and the app does not tell when it was made');
  if (first === undefined) return 'none';
  if (sending > 0) return 'later';
  // Another process may yet say that one of them is its work; what it has lost as well it has told.
  if (free.length > 1 + doubting && free.length > 1 + doubting + (await doubt.rivalsElsewhere()))
    return isSettled(doubt) ? unsure('several equal objects were made at the same time') : 'later';
  return (await doubt.claim(idOf(first))) ? { kind: 'present', data: first } : 'later';
}

/** Those that are noted as the work of this call, and those that are nobody's. */
async function sorted(
  { claimed, isOurs }: Doubt,
  alike: readonly JsonObject[],
): Promise<{ ours: readonly JsonObject[]; free: readonly JsonObject[] }> {
  const known = await claimed(alike.map(idOf));
  const noted = alike.filter((object) => known.has(idOf(object)));
  const ours = await Promise.all(noted.map((object) => isOurs(idOf(object))));
  return { ours: noted.filter((_, at) => ours[at]), free: alike.filter((object) => !known.has(idOf(object))) };
}

function idOf(object: JsonObject): string {
  return stringAt(object, 'id') ?? '';
}

/** By how much the clocks of an app's machines may differ. That an HTTP Date is cut to the second only makes the window longer. */
const CLOCK_GRAIN_MS = 500;

/** The largest page, and how many of them are looked through. */
const PAGE = 100;
const MOST_PAGES = 5;

interface Seen {
  readonly objects?: readonly JsonObject[];
  readonly whole?: boolean;
  readonly appTime?: number;
}

/** The objects of the list. Nothing: it could not be read this time. */
async function pages({ look }: Doubt, list: string, filter: JsonObject): Promise<Seen | Finding> {
  const objects: JsonObject[] = [];
  for (let at = 0; ; at += 1) {
    const seen = await look(list, { ...filter, ...(at === 0 ? {} : { skip: at * PAGE, limit: PAGE }) });
    if ('failure' in seen) return blind(seen.failure) ?? {};
    const data = isObject(seen.data) && Array.isArray(seen.data['data']) ? seen.data['data'].filter(isObject) : [];
    objects.push(...data);
    const whole = !(isObject(seen.data) && seen.data['has_more'] === true);
    if (whole || at === MOST_PAGES - 1) return { objects, whole, ...(seen.appTime === undefined ? {} : { appTime: seen.appTime }) };
  }
}

/** When the app learnt of an object. An import says itself when it was created; then only the last change tells. */
function madeAt(object: JsonObject, { date_created: imported }: JsonObject): number {
  const made = stringAt(object, 'date_created') ?? stringAt(object, 'created_at');
  const text = (imported === undefined || imported === null ? made : stringAt(object, 'date_updated')) ?? '';
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}
