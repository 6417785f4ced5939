/** Compiles the journal's queries to SQLite's SQL, so that a call does not have to load Kysely. Run by `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { statementsOn } from './compile.ts';
import { kyselyOver } from './dialect.ts';

const TARGET = fileURLToPath(new URL('./statements.generated.ts', import.meta.url));

/** The text of `statements.generated.ts`. */
export function statementsSource(): string {
  const statements = Object.entries(statementsOn(kyselyOver(new DatabaseSync(':memory:'))));
  const lines = statements.map(
    ([name, { sql, fields }]) => `  ${name}: {\n    sql: ${JSON.stringify(sql)},\n    fields: ${JSON.stringify(fields)},\n  },`,
  );
  return [
    '// Generated from queries.ts by `npm run generate`. Do not edit.',
    "import type { Statement } from './compile.ts';",
    "import type { QueryName } from './queries.ts';",
    '',
    'export const STATEMENTS: Readonly<Record<QueryName, Statement>> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, statementsSource());
