/**
 * The world's time. Virtual: it stands still but for `advance`, and each call takes `perCallMs`, so that the same calls
 * give the same instants, and a caller who takes turns never meets the rate limit. Real: the machine's, plus `advance`.
 */
export interface ClockOptions {
  readonly kind?: 'virtual' | 'real';
  /** ISO instant at which a virtual clock starts. */
  readonly start?: string;
  /** Virtual milliseconds that one call takes; default 50, the pace that 20 requests a second allow. */
  readonly perCallMs?: number;
}

export interface Clock {
  readonly kind: 'virtual' | 'real';
  now(): number;
  advance(ms: number): void;
  /** A call goes by. */
  pass(): void;
}

export const DEFAULT_START = '2026-11-02T09:00:00.000Z';

export function createClock(options: ClockOptions = {}, startMs: number = Date.parse(options.start ?? DEFAULT_START)): Clock {
  const { kind = 'virtual', perCallMs = 50 } = options;
  let moved = 0;
  const base = (): number => (kind === 'virtual' ? startMs : Date.now());
  return {
    kind,
    now: () => base() + moved,
    advance: (ms) => {
      moved += ms;
    },
    pass: () => {
      if (kind === 'virtual') moved += perCallMs;
    },
  };
}

/** Mongo-born records: `2026-03-02T14:05:11.482000+00:00`. */
export function mongoTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000+00:00');
}

/** SQL-born records come without an offset: `2026-03-02T14:05:11.482913`. */
export function sqlTime(ms: number, micros: number): string {
  return new Date(ms).toISOString().replace('Z', String(micros % 1000).padStart(3, '0'));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:?\d{2})?$/;

export function isDay(value: unknown): value is string {
  return typeof value === 'string' && DAY.test(value) && !Number.isNaN(Date.parse(value));
}

/** Milliseconds of an instant; without an offset it is UTC. undefined: not an instant. */
export function instantMs(value: unknown): number | undefined {
  const match = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (!match) return undefined;
  const offset = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${match[1]}T${match[2]}${offset}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Milliseconds of an instant, or of the start of a day in the caller's time zone. */
export function momentMs(value: unknown, tzOffsetHours: number): number | undefined {
  return isDay(value) ? Date.parse(value) - tzOffsetHours * 3_600_000 : instantMs(value);
}

/** The calendar day of an instant in the caller's time zone. */
export function dayOf(ms: number, tzOffsetHours: number): string {
  return new Date(ms + tzOffsetHours * 3_600_000).toISOString().slice(0, 10);
}
