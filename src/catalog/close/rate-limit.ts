import type { RateLimit } from '../../contract/executor.ts';

export type Headers = Readonly<Record<string, string>>;

const STRUCTURED = 'ratelimit';
/** Discrete headers, newest dialect first. Source: backends/close-rest.md §7. */
const PREFIXES = ['ratelimit-', 'x-rate-limit-'];

/** What the headers tell of the limit: `limit=100, remaining=50, reset=5` with commas or semicolons, or one header each; any case. */
export function rateLimit(headers: Headers): RateLimit | undefined {
  const lower = lowerCased(headers);
  for (const read of readers(lower)) {
    const [limit, remaining, resetSeconds] = [read('limit'), read('remaining'), read('reset')];
    if (limit !== undefined && remaining !== undefined && resetSeconds !== undefined) return { limit, remaining, resetSeconds };
  }
  return undefined;
}

/** Seconds until the window ends, even when the headers tell nothing else. */
export function resetSeconds(headers: Headers): number | undefined {
  const found = readers(lowerCased(headers)).map((read) => read('reset'));
  return found.find((seconds) => seconds !== undefined);
}

/** The header's value whatever the case of its name. */
export function header(headers: Headers, name: string): string | undefined {
  return lowerCased(headers).get(name.toLowerCase());
}

/** A number that is not negative, or undefined. */
export function readNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}(\.\d{1,15})?\s*$/.test(text)) return undefined;
  return Number(text);
}

type Reader = (part: string) => number | undefined;

function readers(lower: ReadonlyMap<string, string>): readonly Reader[] {
  const parts = partsOf(lower.get(STRUCTURED) ?? '');
  return [
    (part) => readNumber(parts.get(part)),
    ...PREFIXES.map(
      (prefix): Reader =>
        (part) =>
          readNumber(lower.get(`${prefix}${part}`)),
    ),
  ];
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/[,;]/).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, Math.max(at, 0)).trim().toLowerCase(), pair.slice(at + 1)];
  });
  return new Map(pairs);
}

function lowerCased(headers: Headers): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
