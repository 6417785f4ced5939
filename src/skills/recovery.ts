import type { ErrorCode } from '../contract/errors.ts';

/** What an agent does about each error code, one instruction each. */
export const RECOVERY: Readonly<Record<ErrorCode, string>> = {
  invalid_input: 'Read `details.fields`: path, what was expected, nearest name. Correct the input and run again; nothing was sent.',
  unknown_operation: 'Take one of `details.nearest`, or search with `skillrouter ops "<words>" --json`.',
  configuration: 'Tell the person what the message says is missing; `skillrouter doctor --json` shows everything at once.',
  connection_required:
    'Give the person the link in `details.connect`, then `skillrouter connections wait --via <its backend> --json`, then run the same call.',
  ambiguous_account: 'Ask the person which of `details.choices` is meant, then add `--via <backend>:<connection>`.',
  unauthenticated: 'The credential was refused: let the person connect again (`skillrouter connections connect`).',
  unsupported_fields:
    'No connection can carry the fields in the message. Leave them out only if the person agrees, or connect another backend.',
  unsupported_operation:
    'No connected backend can do this. `skillrouter coverage --json` shows which could; ask the person to connect one.',
  not_found: 'The id is wrong, deleted, or of another account. Find the object again; do not invent ids.',
  permission_denied: 'The account may not do this. Tell the person; do not try another way round.',
  conflict: 'The object is in another state than assumed. Read it again, then decide.',
  rejected: 'Close refused the content. Correct what `details.fields` names and run again.',
  policy_denied: 'The operator forbids this operation. Stop and tell the person.',
  approval_required: 'Show the person what would be sent. Only with their consent, run again with `--yes`.',
  idempotency_conflict: 'This key was used with another input. Use a new key for a new call.',
  rate_limited: 'Wait `details.retry_after_ms` milliseconds, then run the same call once.',
  backend_unavailable: 'Nothing was executed, or it was a read. Wait a few seconds and run the same call; stop after three times.',
  timeout: 'Nothing was executed, or it was a read. Run the same call again, with a larger `--timeout` if it is a large read.',
  outcome_unknown: 'The write may have happened. Do NOT run it again: look for the result first (list or get), then tell the person.',
  reply_unexpected: 'The answer could not be read. For a write, look for the result before anything else; then report it.',
  internal: 'A fault of skillrouter. Report the message; do not repeat a write.',
};
