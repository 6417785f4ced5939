import { kindsOf } from '../binding/kinds.ts';
import type { Capabilities } from '../contract/adapter.ts';
import { isIntent } from '../contract/app.ts';
import type { Transport } from '../contract/backend.ts';
import type { Cell, ToolCell } from '../contract/binding.ts';
import type { PlannedOperation } from '../contract/migration.ts';
import type { Operation } from '../contract/operation.ts';
import type { OperationUse } from '../contract/switchboard.ts';
import { pinned } from '../router/policy.ts';
import { adapterOf, type SwitchingParts } from './parts.ts';
import type { Pair } from './plan-users.ts';

/** Every operation that went through the source, most used first, with how the target will carry it. */
export async function planOperations(
  parts: SwitchingParts,
  pair: Pair,
  uses: readonly OperationUse[],
): Promise<readonly PlannedOperation[]> {
  const own = uses.filter(({ backend, call }) => backend === pair.from && call.startsWith(`${parts.app.id}.`));
  const byName = Map.groupBy(own, ({ call, step }) => step ?? call.slice(parts.app.id.length + 1));
  const planned = await Promise.all([...byName].map(([id, found]) => planOperation(parts, pair, id, found)));
  return planned.toSorted((a, b) => b.requests - a.requests || (a.operation < b.operation ? -1 : 1));
}

async function planOperation(parts: SwitchingParts, pair: Pair, id: string, uses: readonly OperationUse[]): Promise<PlannedOperation> {
  const was = [...new Set(uses.map(({ transport }) => transport))].toSorted();
  const known = { operation: `${parts.app.id}.${id}`, requests: uses.reduce((sum, { requests }) => sum + requests, 0), was };
  const entry = await parts.app.find(id);
  if (!entry || isIntent(entry)) return { ...known, becomes: 'none', why: 'this version has no such operation' };
  const pin = pinned(entry, parts.policy, undefined);
  const stays = pin && pin.backend !== pair.to ? { pinned: pin.backend } : {};
  return { ...known, ...stays, ...carried(parts, pair, entry) };
}

type Carried = Omit<PlannedOperation, 'operation' | 'requests' | 'was' | 'pinned'>;

function carried(parts: SwitchingParts, { to }: Pair, operation: Operation): Carried {
  const binding = parts.bindings.find(({ backend, app }) => backend === to && app === parts.app.id);
  const cell: Cell = binding?.cells[operation.id] ?? { transport: 'none', why: `${to} has no binding for it` };
  const { can } = adapterOf(parts, to);
  switch (cell.transport) {
    case 'none':
      return { becomes: 'none', why: cell.why };
    case 'tool':
      return byTool(cell, operation, can);
    case 'proxy':
    case 'direct':
      if (can.http === 'none') return { becomes: 'none', why: `${to} has neither a tool for it nor a proxy` };
      return { becomes: can.http, ...(notByHttp(operation).length > 0 ? { notWith: notByHttp(operation) } : {}) };
    default:
      return cell satisfies never;
  }
}

function byTool(cell: ToolCell, operation: Operation, { http }: Capabilities): Carried {
  const outside = Object.keys(kindsOf(operation)).filter((field) => !cell.accepts.includes(field));
  const [never, otherwise] = [
    outside.filter((field) => notByHttp(operation).includes(field)),
    outside.filter((field) => !notByHttp(operation).includes(field)),
  ];
  const partly = partlyCarried(cell);
  const detour = [...otherwise, ...partly];
  const isWay = http !== 'none';
  const notWith = isWay ? never : [...never, ...detour];
  return {
    becomes: 'tool' satisfies Transport,
    tool: cell.tool,
    ...(isWay && detour.length > 0 ? { byProxyWith: detour } : {}),
    ...(notWith.length > 0 ? { notWith } : {}),
    ...(cell.needs && cell.needs.length > 0 ? { needs: cell.needs } : {}),
    ...(cell.losses && cell.losses.length > 0 ? { losses: cell.losses } : {}),
  };
}

/** Fields that only tools take; the app's own request has no place for them. */
function notByHttp({ http }: Operation): readonly string[] {
  return (http.omits ?? []).filter((field) => http.restates?.[field] === undefined);
}

/** Fields that the tool carries with some values only. */
function partlyCarried({ values = {}, single = [], excludes = [] }: ToolCell): readonly string[] {
  return [
    ...Object.entries(values).map(([field, map]) => `${field} (other than ${Object.keys(map).join(', ')})`),
    ...single.map((field) => `${field} (several)`),
    ...excludes,
  ];
}
