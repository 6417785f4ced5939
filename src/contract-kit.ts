/** The contract kit: holds an adapter, a binding or an app against the promises of the design. Public as `skillrouter/contract-kit`. */
import type { BindingDeclaration } from './binding/declare.ts';
import type { LiveTool } from './contract/adapter.ts';
import type { App } from './contract/app.ts';
import type { Serve } from './contract/host.ts';
import { appChecks } from './kit/app-checks.ts';
import { bindingChecks } from './kit/binding-checks.ts';
import { type Check, type Runner, register } from './kit/check.ts';
import { listingChecks } from './kit/listing.ts';
import { reachChecks } from './kit/reach.ts';
import { sendingChecks } from './kit/sending.ts';
import type { AdapterSubject } from './kit/subject.ts';
import { waitingChecks } from './kit/waiting.ts';

export type { BrokenPromise, Check, Runner } from './kit/check.ts';
export type { AdapterSubject, SampleCall, Stage, StrangeStatus } from './kit/subject.ts';

/** Nothing here takes longer than some milliseconds; a machine that is busy gets this long. */
const PATIENCE_MS = 10_000;

const serve: Serve = async (options) => (await import('./server/host.ts')).serve(options);

/** Everything that an adapter is tried with. Nothing is opened before a check runs. */
export function adapterChecks(
  subject: AdapterSubject,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): readonly Check[] {
  const tools = { serve, patienceMs };
  return [sendingChecks, waitingChecks, reachChecks, listingChecks].flatMap((checks) => checks(subject, tools));
}

/**
 * One test for each thing that an adapter promises and each way to break it. `runner` is what the tests are run by:
 * `import { describe, it } from 'vitest'`, and hand over both.
 */
export function describeAdapter(subject: AdapterSubject, runner: Runner): void {
  register(`the adapter ${subject.name}`, adapterChecks(subject), runner);
}

/** One test for each thing that the declaration of an app promises. */
export function describeApp(app: App, runner: Runner): void {
  register(`the app ${app.id}`, appChecks(app), runner);
}

/**
 * One test for each thing that a binding promises. With `tools`, what the backend lists now (`adapter.tools`), the binding is held
 * against the tools' own schemas too.
 */
export function describeBinding(
  { app, binding, tools }: { readonly app: App; readonly binding: BindingDeclaration; readonly tools?: () => Promise<readonly LiveTool[]> },
  runner: Runner,
): void {
  register(`the binding of ${app.id} to ${binding.backend}`, bindingChecks(app, binding, tools), runner);
}
