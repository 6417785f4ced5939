import { isObject, type JsonObject } from '../contract/guards.ts';

/**
 * Whether an object of the app holds what was sent. Deliberately loose: the app trims, re-formats phone numbers, wraps text in
 * HTML and completes dates, and an own object taken for a foreign one would be written twice. A field that was not sent says nothing.
 */
export function holds(object: unknown, sent: JsonObject, fields: readonly string[]): boolean {
  return isObject(object) && fields.every((field) => sent[field] === undefined || alike(object[field], sent[field]));
}

function alike(theirs: unknown, ours: unknown): boolean {
  if (ours === null || ours === '') return theirs === null || theirs === undefined || theirs === '' || isEmpty(theirs);
  if (Array.isArray(ours))
    return Array.isArray(theirs) && ours.length === theirs.length && ours.every((one) => theirs.some((other) => alike(other, one)));
  if (isObject(ours)) return isObject(theirs) && Object.keys(ours).every((key) => alike(theirs[key], ours[key]));
  if (typeof ours === 'string') return typeof theirs === 'string' && alikeText(theirs, ours);
  return theirs === ours;
}

function alikeText(theirs: string, ours: string): boolean {
  const [a, b] = [plain(theirs), plain(ours)];
  if (a === b) return true;
  return sameInstant(theirs, ours) || samePhone(a, b);
}

/** Lower case, without tags and entities, white space folded. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, ' ')
    .replaceAll(/[&<>"']/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function sameInstant(a: string, b: string): boolean {
  if (!/^\d{4}-\d\d-\d\d/.test(a) || !/^\d{4}-\d\d-\d\d/.test(b)) return false;
  return Date.parse(utc(a)) === Date.parse(utc(b)) || a.slice(0, 10) === b || b.slice(0, 10) === a;
}

/** An instant without offset is UTC in this app. */
function utc(text: string): string {
  return /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`;
}

/** The app stores E.164; what was sent may lack the country. */
function samePhone(a: string, b: string): boolean {
  const [x, y] = [digits(a), digits(b)];
  return x.length >= 7 && y.length >= 7 && (x.endsWith(y) || y.endsWith(x));
}

function digits(text: string): string {
  return /^[\d\s+().-]+$/.test(text) ? text.replaceAll(/\D/g, '').replace(/^0+/, '') : '';
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
