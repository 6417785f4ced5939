/** Names that every model provider and every host's prefix leaves room for: `^[a-z][a-z0-9_]{0,39}$`. */
import { createHash } from 'node:crypto';

const LONGEST = 40;

/** `close.lead.create` → `close_lead_create`. Names that would be too long, or equal to another one's, end in a digest of the operation's own name. */
export function toolNames(operations: readonly string[]): ReadonlyMap<string, string> {
  const written = operations.map(spelled);
  const isTaken = (name: string): boolean => written.filter((other) => other === name).length > 1;
  return new Map(
    operations.map((operation) => {
      const name = spelled(operation);
      return [operation, name.length > LONGEST || isTaken(name) ? told(name, operation) : name];
    }),
  );
}

function spelled(operation: string): string {
  const name = operation.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  return /^[a-z]/.test(name) ? name : `op_${name.replace(/^_/, '')}`;
}

function told(name: string, operation: string): string {
  const digest = createHash('sha256').update(operation).digest('hex').slice(0, 6);
  return `${name.slice(0, LONGEST - digest.length - 1)}_${digest}`;
}
