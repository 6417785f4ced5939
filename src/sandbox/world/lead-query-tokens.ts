export type Operator = ':' | '>' | '>=' | '<' | '<=';

export type Token =
  | { readonly kind: 'and' | 'or' | 'not' | 'open' | 'close' }
  | { readonly kind: 'term'; readonly key?: string; readonly operator: Operator; readonly value: string };

const PART = /\s*(?:([()])|(-)(?=\S)|(?:([\w.]+|"(?:\\.|[^"\\])*")\s*(:|>=|<=|>|<)\s*)?("(?:\\.|[^"\\])*"|[^\s()"]+))/gy;

/** Splits a query of Close's search box: `name:"x" and (status:Potential or -email:a@b.example) sort:-date_updated`. */
export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [, bracket, minus, key, operator, value = ''] of query.trim().matchAll(PART)) {
    if (bracket) tokens.push({ kind: bracket === '(' ? 'open' : 'close' });
    else if (minus) tokens.push({ kind: 'not' });
    else if (key === undefined && /^(and|or|not)$/i.test(value)) tokens.push({ kind: word(value) });
    else
      tokens.push({
        kind: 'term',
        ...(key === undefined ? {} : { key: unquote(key) }),
        operator: asOperator(operator),
        value: unquote(value),
      });
  }
  return tokens;
}

function word(value: string): 'and' | 'or' | 'not' {
  const lower = value.toLowerCase();
  return lower === 'and' ? 'and' : lower === 'or' ? 'or' : 'not';
}

function asOperator(text: string | undefined): Operator {
  return text === '>' || text === '>=' || text === '<' || text === '<=' ? text : ':';
}

/** Without quotes and escapes. */
function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text;
}
