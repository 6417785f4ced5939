/** Changes in words. */
import type { ToolListing } from '../contract/adapter.ts';
import type { DriftFinding } from '../contract/drift.ts';
import type { FieldChange } from './changes.ts';
import type { FieldShape } from './shape.ts';

/** One change of an argument. */
export function fieldFinding(tool: string, change: FieldChange, breaks: readonly string[]): DriftFinding {
  const { kind, field } = change;
  const told = { kind, tool, field, breaks };
  switch (change.kind) {
    case 'renamed_field':
      return { ...told, now: change.to, confidence: Math.round(change.confidence * 100) / 100 };
    case 'changed_type':
      return { ...told, was: typesOf(change.was), now: typesOf(change.now) };
    case 'changed_values': {
      const was = change.was.values === undefined ? {} : { was: valuesOf(change.was) };
      return { ...told, ...was, ...(change.now.values === undefined ? { note: 'any value is taken now' } : { now: valuesOf(change.now) }) };
    }
    case 'required_field':
      return { ...told, note: change.isNew ? 'new, and required' : 'is required now' };
    case 'removed_field':
    case 'added_field':
      return told;
    default:
      return change satisfies never;
  }
}

/** Whether the release that calls ask for is there, and the newest. */
export function findVersion({ asked, tools }: ToolListing, bound: readonly string[]): readonly DriftFinding[] {
  const served = [
    ...new Set(tools.flatMap(({ version, versions = [] }) => [...versions, ...(version === undefined ? [] : [version])])),
  ].toSorted();
  const newest = served.at(-1);
  if (asked === undefined || asked === 'latest' || newest === undefined || asked === newest) return [];
  const told = { kind: 'version', was: asked, now: newest } as const;
  if (!served.includes(asked))
    return [{ ...told, breaks: [...new Set(bound)], note: 'the release that calls ask for is not there: configure one that is' }];
  return [{ ...told, breaks: [], note: `calls go on asking for ${asked}; --tool-version ${newest} shows what changes after it` }];
}

function typesOf({ types }: FieldShape): string {
  return types.length === 0 ? 'any' : types.join(' or ');
}

function valuesOf({ values = [] }: FieldShape): string {
  return values.map(String).join(', ');
}
