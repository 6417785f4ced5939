import type { JsonObject } from '../../contract/guards.ts';
import { numberOf, textOf } from './row.ts';

const SIGNS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' };
// Wording for annual deals is a guess; the reference shows "$500" for annual and "$50 monthly".
const PERIODS: Readonly<Record<string, string>> = { monthly: ' monthly', annual: ' annually' };

/** Minor units as text: `$4,800`, `$10.50`. */
export function formatMoney(minor: number, currency: string): string {
  const whole = minor % 100 === 0;
  const amount = (minor / 100).toLocaleString('en-US', { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 });
  return `${SIGNS[currency] ?? `${currency} `}${amount}`;
}

/** The computed money fields of an opportunity. Source: close-rest.md §11. */
export function moneyFields(row: JsonObject, currency: string): JsonObject {
  const value = row['value'];
  if (typeof value !== 'number') {
    return {
      value_currency: currency,
      value_formatted: null,
      annualized_value: null,
      expected_value: null,
      annualized_expected_value: null,
    };
  }
  const period = textOf(row, 'value_period');
  const annualized = period === 'monthly' ? value * 12 : value;
  const share = numberOf(row, 'confidence') / 100;
  return {
    value_currency: currency,
    value_formatted: `${formatMoney(value, currency)}${PERIODS[period] ?? ''}`,
    annualized_value: annualized,
    expected_value: Math.round(value * share),
    annualized_expected_value: Math.round(annualized * share),
  };
}
