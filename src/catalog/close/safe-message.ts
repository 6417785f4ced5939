/** Close's own words, made safe to show: a validation message may repeat the value it refuses, and the value may be a person's. */
const LONGEST = 200;
/** Far more than any message of Close; bounds the work on an answer that is no message at all. */
const LONGEST_READ = 4000;

/** Quoted text, from the first quote of its kind to the last: a value can hold a quote itself. An apostrophe within a word is no quote. */
const QUOTED = [/"[\s\S]*"/g, /(?<!\w)'[\s\S]*'(?!\w)/g, /`[\s\S]*`/g, /[“„«][\s\S]*[”“»]/g];
/** A quote that is never closed, as when Close cut the message. */
const OPEN = [/["`“„«][\s\S]*$/, /(?<!\w)'[\s\S]*$/];
const MAIL = /[^\s@<>(),;:]+@[^\s@<>(),;]+/g;
const LINK = /\b(?:https?:\/\/|www\.)\S+/gi;
const NUMBER = /\+?\(?\d(?:[\s().-]*\d){6,}/g;
/** Control, format and other invisible characters, which could rewrite a terminal. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** The message without what it quotes, addresses, links, long numbers and control characters, at most 200 characters, no full stop. */
export function safeMessage(text: string): string {
  let safe = text.slice(0, LONGEST_READ).replaceAll(INVISIBLE, ' ');
  for (const pattern of [...QUOTED, ...OPEN, MAIL, LINK, NUMBER]) safe = safe.replace(pattern, '…');
  safe = safe.replaceAll(/\s+/g, ' ').trim();
  const short = safe.length > LONGEST ? `${safe.slice(0, LONGEST - 1)}…` : safe;
  return short.replace(/[\s.]+$/, '');
}

/** A name of a field as Close gave it, or `…` when it is none: a name that nobody knows can be anything. */
export function safeName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,79}(\.[A-Za-z0-9_-]{1,80}){0,3}$|^\d{1,6}$/.test(name) ? name : '…';
}
