/** One backend's tools as they are now against those that its binding was written for. Pure. */
import type { ToolSignature } from '../binding/arguments.ts';
import type { Capabilities, LiveTool, ToolListing } from '../contract/adapter.ts';
import type { Binding, ToolCell } from '../contract/binding.ts';
import type { DriftFinding, DriftProposal, ProposedCell } from '../contract/drift.ts';
import type { Operation } from '../contract/operation.ts';
import { adoptions } from './adopt.ts';
import { alikeTools, type Pair, pairsOf, SURE } from './alike.ts';
import { amended } from './amend.ts';
import { isBrokenBy } from './breaks.ts';
import { changesOf, type FieldChange } from './changes.ts';
import { boundShapes, liveShape, publishedShape, type ToolShape } from './shape.ts';
import { fieldFinding, findVersion } from './tell.ts';

export interface Compared {
  readonly findings: readonly DriftFinding[];
  readonly proposals: readonly DriftProposal[];
  /** Operations with a cell that no longer fits, in the catalogue's order. */
  readonly broken: readonly string[];
}

export interface Comparison {
  readonly binding: Binding;
  readonly operations: readonly Operation[];
  /** As they were published when the binding was written; none where nothing is. */
  readonly published: readonly ToolSignature[];
  readonly listing: ToolListing;
  readonly http: Capabilities['http'];
}

interface BoundCell {
  readonly operation: Operation;
  readonly cell: ToolCell;
}

/** What has become of one tool that we know. */
interface Fate {
  readonly before: ToolShape;
  readonly bound: readonly BoundCell[];
  readonly live?: LiveTool;
  readonly renamed?: { readonly to: string; readonly confidence: number };
  /** Names that it may have now, for people to decide. */
  readonly perhaps?: Pair<ToolShape>;
  readonly changes: readonly FieldChange[];
}

export function compare(comparison: Comparison): Compared {
  const { binding, operations, listing } = comparison;
  const known = knownTools(comparison);
  const live = new Map(listing.tools.map((tool) => [tool.name, tool]));
  const shapes = new Map(listing.tools.map((tool) => [tool.name, liveShape(tool)]));
  const gone = [...known.values()].filter(({ name }) => !live.has(name));
  const fresh = [...shapes.values()].filter(({ name }) => !known.has(name));
  const pairs = pairsOf(gone, fresh, (one, other) => alikeTools(one, other, binding.app));
  const fates = [...known.values()].map((before): Fate => {
    const pair = pairs.find(({ one }) => one === before);
    const isSure = pair !== undefined && pair.confidence >= SURE;
    const now = isSure ? pair.other : shapes.get(before.name);
    const tool = now && live.get(now.name);
    return {
      before,
      bound: boundTo(binding, operations, before.name),
      changes: now ? changesOf(before, now) : [],
      ...(tool ? { live: tool } : {}),
      ...(isSure ? { renamed: { to: pair.other.name, confidence: round(pair.confidence) } } : pair ? { perhaps: pair } : {}),
    };
  });
  const taken = new Set(fates.flatMap(({ renamed }) => (renamed ? [renamed.to] : [])));
  const added = fresh.filter(({ name }) => !taken.has(name) && live.get(name)?.disabled !== true);
  const adopted = adoptions({ binding, operations, added });
  const findings = [
    ...findVersion(
      listing,
      fates.flatMap(({ bound }) => idsOf(bound)),
    ),
    ...fates.flatMap(findingsOf),
    ...added.map(({ name }): DriftFinding => {
      const found = adopted.find(({ cell }) => 'tool' in cell && cell.tool === name);
      return { kind: 'added', tool: name, breaks: [], ...(found ? { now: found.operation, confidence: found.confidence } : {}) };
    }),
  ];
  const broken = new Set(findings.flatMap(({ breaks }) => breaks));
  return {
    findings,
    proposals: [...fates.flatMap((fate) => proposalsOf(fate, comparison)), ...adopted],
    broken: operations.map(({ id }) => id).filter((id) => broken.has(id)),
  };
}

/** What was published, and what a program has bound beyond it. */
function knownTools({ binding, operations, published }: Comparison): ReadonlyMap<string, ToolShape> {
  return new Map([...boundShapes(binding, operations), ...published.map((tool) => [tool.name, publishedShape(tool)] as const)]);
}

function boundTo({ cells }: Binding, operations: readonly Operation[], tool: string): readonly BoundCell[] {
  return operations.flatMap((operation) => {
    const cell = cells[operation.id];
    return cell?.transport === 'tool' && cell.tool === tool ? [{ operation, cell }] : [];
  });
}

function findingsOf({ before: { name: tool }, bound, live, renamed, perhaps, changes }: Fate): readonly DriftFinding[] {
  const all = idsOf(bound);
  if (!live) {
    const guess = perhaps
      ? {
          now: perhaps.other.name,
          confidence: round(perhaps.confidence),
          note: 'perhaps under that name now; not sure enough to propose it',
        }
      : {};
    return [{ kind: 'removed', tool, breaks: all, ...guess }];
  }
  const isBound = bound.length > 0 ? {} : { note: 'nothing of ours uses it' };
  return [
    ...(renamed ? [{ kind: 'renamed', tool, now: renamed.to, confidence: renamed.confidence, breaks: all, ...isBound } as const] : []),
    ...(live.disabled ? [{ kind: 'disabled', tool, breaks: all, ...isBound } as const] : []),
    ...(live.deprecated ? [{ kind: 'deprecated', tool, breaks: [], ...isBound } as const] : []),
    ...changes.map((change) =>
      fieldFinding(tool, change, idsOf(bound.filter(({ cell, operation }) => isBrokenBy(change, cell, operation)))),
    ),
  ];
}

function proposalsOf({ before, bound, live, renamed, changes }: Fate, { http }: Comparison): readonly DriftProposal[] {
  return bound.flatMap(({ operation, cell }): readonly DriftProposal[] => {
    const was = { operation: operation.id, was: before.name, optional: false };
    const instead = (why: string): ProposedCell => (http === 'proxy' ? { proxy: true, why } : { none: why });
    if (!live || live.disabled) {
      const why = `${before.name} is ${live ? 'switched off' : 'no longer listed'}`;
      return [{ ...was, cell: instead(why), confidence: 1, because: [why] }];
    }
    if (!renamed && !changes.some((change) => isBrokenBy(change, cell, operation))) return [];
    const found = amended({ cell, operation, changes, ...(renamed ? { renamed } : {}) });
    if (!found.cell) return [{ ...was, cell: instead(found.because.join('; ')), confidence: 1, because: found.because }];
    const { transport: _tool, ...written } = found.cell;
    return [{ ...was, cell: written, confidence: round(found.confidence), because: found.because }];
  });
}

function idsOf(bound: readonly BoundCell[]): readonly string[] {
  return bound.map(({ operation }) => operation.id);
}

function round(confidence: number): number {
  return Math.round(confidence * 100) / 100;
}
