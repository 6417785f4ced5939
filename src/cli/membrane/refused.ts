import { RouterError } from '../../contract/errors.ts';
import { guarded } from './guard.ts';

/** Commands of the Membrane CLI that a router cannot serve, and what to use in their place. Source: backends/membrane.md §7 */
const INSTEAD = {
  token: [
    'no token is handed out: the credentials stay where the configuration has them',
    'For the app\'s own requests use "request"; a program with the vendor\'s SDK talks to "skillrouter serve".',
  ],
  credentials: [
    'no credentials are handed out: they stay where the configuration has them',
    'For the app\'s own requests use "request"; a program with the vendor\'s SDK talks to "skillrouter serve".',
  ],
  'connection patch': [
    'a connection is not edited here: its name and settings belong to its backend',
    'Change it in the backend\'s dashboard, or authorise it anew with "connect --connectionId <id>".',
  ],
  'connection delete': [
    'a connection is not removed here: it belongs to its backend',
    'Remove it in the backend\'s dashboard; "connection list" then no longer has it.',
  ],
  'action update': [
    'actions are not made or changed here: they are the operations of the app',
    'Find the one that fits with "action list --intent <words>".',
  ],
  'action delete': [
    'actions are not made or changed here: they are the operations of the app',
    'Find the one that fits with "action list --intent <words>".',
  ],
  'agent-session': [
    'no agent builds connectors or actions here: every operation of the app is there already',
    'Find it with "action list --intent <words>", or send the app\'s own request with "request".',
  ],
  pull: ['there is no workspace to keep in files: the configuration is skillrouter.yaml', 'Write one with "skillrouter init".'],
  push: ['there is no workspace to keep in files: the configuration is skillrouter.yaml', 'Write one with "skillrouter init".'],
  diff: [
    'there is no workspace to keep in files: the configuration is skillrouter.yaml',
    'See what it leads to with "skillrouter doctor".',
  ],
  open: ['there is no console to open', 'See the state of things with "connection list" and "skillrouter doctor".'],
} as const satisfies Readonly<Record<string, readonly [what: string, next: string]>>;

export type RefusedCommand = keyof typeof INSTEAD;

/** A command that says why it does nothing, and what does. */
export function refusing(command: RefusedCommand): ReturnType<typeof guarded> {
  return guarded(async () => {
    const [what, next] = INSTEAD[command];
    throw new RouterError('invalid_input', { what, next: `${next} Nothing was sent.` });
  });
}
