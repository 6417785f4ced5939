/** Whether a name of an operation is meant by `lead.delete`, `close.lead.delete`, `*.merge` or `lead.*`. */
export function isMeant(pattern: string, { app, id }: { readonly app: string; readonly id: string }): boolean {
  if (!pattern.includes('*')) return pattern === id || pattern === `${app}.${id}`;
  const expression = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`);
  return expression.test(id) || expression.test(`${app}.${id}`);
}

/** The text as a regular expression that matches just it. */
function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
