/** Characters of an English page with commands and names per token; fewer than any tokenizer was seen to need. */
const CHARACTERS_PER_TOKEN = 3.3;

/** How many tokens a text is, rather too many than too few. */
export function tokensOf(text: string): number {
  const wide = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  return Math.ceil((text.length - wide) / CHARACTERS_PER_TOKEN) + wide;
}
