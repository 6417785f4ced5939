import type { Connection } from '../contract/connection.ts';
import type { AppKey } from './backends.ts';

/** The page behind a connect link: who asks, for what, and as whom the user goes on. Shows no key. */
export function connectPage(connection: Connection, choices: readonly AppKey[], chosen: string): string {
  const options = choices.map(
    ({ key, label }, at) => `<option value="${at}"${key === chosen ? ' selected' : ''}>${asText(label)}</option>`,
  );
  return page(
    `Connect ${connection.app}`,
    `<p>${asText(connection.backend)} asks to act in ${asText(connection.app)} for <b>${asText(connection.user)}</b>.
This is the sandbox: no account of yours is touched.</p>
<form method="post">
<label>Account <select name="account">${options.join('')}</select></label>
<button name="decision" value="approve">Approve</button>
<button name="decision" value="decline">Decline</button>
</form>`,
  );
}

export function donePage({ app, status }: Connection): string {
  return page(`Connect ${app}`, `<p>The connection is ${status}. You can close this page.</p>`);
}

export function deadLinkPage(): string {
  return page('Link no longer valid', '<p>This link was used, or is too old. Ask for a new one.</p>');
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${asText(title)}</title>
<body><h1>${asText(title)}</h1>
${content}
</body></html>
`;
}

function asText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
