import type { ToolAnnotations } from '../toolsets/spec.ts';

/** What hosts are told of a tool. Hints only: what protects is the policy. Hosts assume the worst of a hint that is left out. */
export const READS: ToolAnnotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

/** Adds something and takes nothing away. */
export const ADDS: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };

/** Some call of it may take something away, or reach a person. */
export const MAY_HARM: ToolAnnotations = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true };
