const LONGEST = 200;

/** What a credential or a person's address looks like, wherever it slipped into a sentence. */
const SECRETS: readonly RegExp[] = [
  /\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/gi,
  /\b(?:api|sk|ak|key|secret|token)_[\w.-]{8,}/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /[\w.+-]+@[\w-]+\.[\w.-]+/g,
  /\+\d[\d ().-]{6,}\d/g,
];

/** A short text without line breaks, credentials, e-mail addresses and phone numbers. */
export function redact(text: string): string {
  const masked = SECRETS.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  const oneLine = masked.replaceAll(/\p{Cc}+/gu, ' ');
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST - 1)}…` : oneLine;
}
