/** The nouns that hang under a lead, as the tests of this folder look at them. */
import { z } from 'zod';
import * as activity from '../../src/catalog/close/activity.ts';
import * as call from '../../src/catalog/close/call.ts';
import * as contact from '../../src/catalog/close/contact.ts';
import * as email from '../../src/catalog/close/email.ts';
import * as intentsActivity from '../../src/catalog/close/intents-activity.ts';
import * as intentsLead from '../../src/catalog/close/intents-lead.ts';
import * as intentsSales from '../../src/catalog/close/intents-sales.ts';
import * as lead from '../../src/catalog/close/lead.ts';
import * as note from '../../src/catalog/close/note.ts';
import * as opportunity from '../../src/catalog/close/opportunity.ts';
import * as sms from '../../src/catalog/close/sms.ts';
import * as task from '../../src/catalog/close/task.ts';
import type { Intent, Operation } from '../../src/contract/operation.ts';

const modules = [lead, contact, opportunity, task, activity, note, call, sms, email, intentsActivity, intentsLead, intentsSales];

function isEntry(value: unknown): value is Operation | Intent {
  return typeof value === 'object' && value !== null && 'id' in value && ('http' in value || 'run' in value);
}

export const entries: readonly (Operation | Intent)[] = modules.flatMap((module) => Object.values(module)).filter(isEntry);
export const operations: readonly Operation[] = entries.filter((entry): entry is Operation => 'http' in entry);
export const intents: readonly Intent[] = entries.filter((entry): entry is Intent => 'run' in entry);

export function entryOf(id: string): Operation | Intent {
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw new Error(`no entry ${id}`);
  return found;
}

/** What is wrong with an input, one line per problem: `path: message`. */
export function problemsOf(id: string, input: unknown): readonly string[] {
  const parsed = entryOf(id).input.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

export const inputSchemaOf = (id: string): unknown => z.toJSONSchema(entryOf(id).input, { io: 'input', unrepresentable: 'any' });
