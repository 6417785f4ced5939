/** Calling codes of the countries that the demo data and the tests speak of; longest first. */
const COUNTRIES: readonly (readonly [code: string, country: string])[] = [
  ['353', 'IE'],
  ['358', 'FI'],
  ['351', 'PT'],
  ['44', 'GB'],
  ['47', 'NO'],
  ['46', 'SE'],
  ['45', 'DK'],
  ['49', 'DE'],
  ['33', 'FR'],
  ['31', 'NL'],
  ['34', 'ES'],
  ['39', 'IT'],
  ['41', 'CH'],
  ['43', 'AT'],
  ['48', 'PL'],
  ['61', 'AU'],
  ['81', 'JP'],
  ['91', 'IN'],
  ['1', 'US'],
];

/** E.164, or undefined. Ten digits are read as a number of the United States, as in Close's reference example. */
export function toE164(value: string): string | undefined {
  const digits = value.replaceAll(/[^\d]/g, '');
  if (/[^\d\s()+./x-]/i.test(value)) return undefined;
  if (value.trim().startsWith('+')) return digits.length >= 7 && digits.length <= 15 ? `+${digits}` : undefined;
  if (digits.length === 10) return `+1${digits}`;
  return digits.length === 11 && digits.startsWith('1') ? `+${digits}` : undefined;
}

export function countryOf(e164: string): string | null {
  return COUNTRIES.find(([code]) => e164.startsWith(`+${code}`))?.[1] ?? null;
}

/** `+1 415-555-0132`; elsewhere groups of two after the calling code, which is a guess of Close's format. */
export function formatPhone(e164: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (american) return `+1 ${american[1]}-${american[2]}-${american[3]}`;
  const code = COUNTRIES.find(([known]) => e164.startsWith(`+${known}`))?.[0];
  if (!code) return e164;
  return `+${code} ${e164.slice(code.length + 1).replaceAll(/(\d{2})(?=\d{2})/g, '$1 ')}`;
}

/** `remote_phone`, `remote_phone_formatted` and `remote_country_iso` of an activity, or the same for `local`. */
export function phoneFields(side: 'remote' | 'local', e164: unknown): Readonly<Record<string, string | null>> {
  const phone = typeof e164 === 'string' ? e164 : null;
  return {
    [`${side}_phone`]: phone,
    [`${side}_phone_formatted`]: phone === null ? null : formatPhone(phone),
    [`${side}_country_iso`]: phone === null ? null : countryOf(phone),
  };
}
