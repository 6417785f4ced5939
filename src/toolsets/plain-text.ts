/** Characters that no reader sees, but that can reorder, hide or smuggle text: controls, bidirectional marks, invisible ones, tags. */
const UNSEEN = /[^\P{Cc}\n\t]|[\u200B\u2028\u2029\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

/** Text for a model or a person. Structured data is left as it is. */
export function plainText(text: string): string {
  return text.replaceAll(UNSEEN, '');
}
