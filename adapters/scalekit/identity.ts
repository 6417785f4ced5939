import { RouterError } from '../../src/contract/errors.ts';

/**
 * The proxy takes the identifier as an HTTP header, where line breaks and letters beyond Latin-1 are stripped and blanks
 * trimmed: two users would become one. Length: field rule of the descriptor. Source: backends page §0.9, §2.
 */
const IDENTIFIER = /^[!-~](?:[ -~]{0,98}[!-~])?$/;
/** Field rule of the descriptor; names are case-sensitive. */
const CONNECTOR = /^[a-zA-Z0-9_:-](?:[a-zA-Z0-9_: -]{0,398}[a-zA-Z0-9_:-])?$/;

export function isIdentifier(user: string): boolean {
  return IDENTIFIER.test(user);
}

export const IDENTIFIER_RULE = '1 to 100 printable ASCII characters without blanks around them';

/** Throws RouterError for a user or connector that Scalekit cannot be told unchanged. */
export function checkIdentity({ user, connector }: { readonly user: string; readonly connector: string }): void {
  if (!CONNECTOR.test(connector)) {
    throw new RouterError('configuration', {
      what: 'the Scalekit connector is no connection name',
      next: 'Set backends.scalekit.connector to the name that the Scalekit dashboard shows for the connection.',
      backend: 'scalekit',
    });
  }
  if (isIdentifier(user)) return;
  throw new RouterError('invalid_input', {
    what: `the user id is not ${IDENTIFIER_RULE}, which a Scalekit identifier has to be`,
    next: 'Give the user another id for Scalekit in the configuration, under users; nothing was sent.',
    backend: 'scalekit',
  });
}
