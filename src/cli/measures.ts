import { RouterError } from '../contract/errors.ts';
import { textFlag, type Values } from './flags.ts';

/** `25%` or `25`, as 25. Throws `invalid_input`. */
export function percentFlag(values: Values, name: string): number | undefined {
  const text = textFlag(values, name);
  if (text === undefined) return undefined;
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text) ?? [];
  const percent = number === undefined ? Number.NaN : Number(number);
  if (percent >= 0 && percent <= 100) return percent;
  throw wrong(name, 'a percentage from 0 to 100, as in 10%');
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `10m`, `2h` or `30d`, in milliseconds. Throws `invalid_input`. */
export function spanFlag(values: Values, name: string): number | undefined {
  const text = textFlag(values, name);
  if (text === undefined) return undefined;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0 && Number.isFinite(ms)) return ms;
  throw wrong(name, 'a time, as in 90s, 10m, 2h or 30d');
}

/** Names between commas. */
export function namesFlag(values: Values, name: string): readonly string[] | undefined {
  const text = textFlag(values, name);
  if (text === undefined) return undefined;
  const names = text.split(',').map((part) => part.trim());
  if (names.every((part) => part !== '')) return names;
  throw wrong(name, 'names between commas, as in ada,bob');
}

function wrong(name: string, wanted: string): RouterError {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return new RouterError('invalid_input', { what: `${flag} must be ${wanted}`, next: 'Correct the flag; nothing was changed.' });
}
