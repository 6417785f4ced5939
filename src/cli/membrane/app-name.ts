import { RouterError } from '../../contract/errors.ts';
import { operationNames } from '../../operations.ts';

/**
 * Whether the text means this app: its id, in whatever case, its domain, or an address on it. Nothing at all means it too:
 * the public skill of 2026-04-28 prints `connection ensure ""`. Source: backends/membrane.md §7
 */
export function meansApp(app: string, text: string): boolean {
  operationNames(app);
  const written = text.trim().toLowerCase();
  if (written === '' || written === app) return true;
  const host = URL.parse(written.includes('://') ? written : `https://${written}`)?.hostname ?? '';
  return host === `${app}.com` || host.endsWith(`.${app}.com`);
}

/** Throws `invalid_input` unless the text means this app. */
export function checkApp(app: string, text: string): void {
  if (meansApp(app, text)) return;
  throw new RouterError('invalid_input', {
    what: `there is no connector for "${text.replaceAll(/[^\w.:/-]/g, '?').slice(0, 60)}"`,
    next: `This command works on ${app}: give "${app}" or ${app}.com; --app takes another one. Nothing was sent.`,
  });
}

/** As people write it. */
export function titleOf(app: string): string {
  return `${app.charAt(0).toUpperCase()}${app.slice(1)}`;
}
