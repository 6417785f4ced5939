/** Text of somebody else's skill, written so that Markdown makes nothing of it but text. */

const LONGEST = 400;

/** One line; code spans stay code, everything else that means something is escaped. */
export function inert(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST - 1).replace(/`[^`]*$/, '')}…` : line;
  const parts = short.split(/(`[^`]+`)/);
  const escaped = parts.map((part) =>
    /^`[^`]+`$/.test(part) ? part.replaceAll('|', String.raw`\|`) : part.replaceAll(/[\\`*[\]<>|~]/g, String.raw`\$&`),
  );
  return escaped
    .join('')
    .replace(/^(?=[-+#=])/, '\\')
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`);
}

/** Lines for a fence that nothing inside can close. */
export function fenced(lines: readonly string[], language = 'text'): readonly string[] {
  return [`\`\`\`${language}`, ...lines.map((line) => line.replaceAll(/`{3,}|[\p{Cc}]/gu, '')), '```'];
}
