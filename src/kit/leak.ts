import { ADDRESS, PERSON } from './troubles.ts';

/** What a text holds that it must not; never says what it found. */
export function leakIn(text: string, secrets: readonly string[]): string | undefined {
  const at = secrets.findIndex((secret) => secret !== '' && text.includes(secret));
  if (at >= 0) return `it holds secret ${at + 1} of the stage`;
  const [name = PERSON] = PERSON.split(' <');
  return text.includes(name) || text.includes(ADDRESS) ? 'it holds what the answer said of a person' : undefined;
}
