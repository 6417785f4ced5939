/** The contracts, for those who write a backend, a door or an app of their own. */
export type {
  Adapter,
  Capabilities,
  Failure,
  HttpCall,
  LiveTool,
  Reply,
  Revocation,
  ToolCall,
  ToolListing,
  ToolQuery,
} from './adapter.ts';
export type { App, AppErrors } from './app.ts';
export { isIntent } from './app.ts';
export type { BackendId, Delivery, Transport } from './backend.ts';
export type { Binding, Cell, ToolCell } from './binding.ts';
export type { Account, Connection, ConnectionQuery, ConnectionStatus, ConnectLink } from './connection.ts';
export { STATUSES } from './connection.ts';
export type { Caller, Directory, DirectoryQuery, Door, DoorHost } from './door.ts';
export type { ErrorCode, ErrorDetails, ErrorJson, FieldProblem } from './errors.ts';
export { ERRORS, isRouterError, RouterError } from './errors.ts';
export type { CallContext, CanonicalCall, Executor, Outcome, RateLimit } from './executor.ts';
export type { JsonObject } from './guards.ts';
export type { Inverse, Inverses, Journal, JournalEntry, JournalQuery, KeptInverse, LastUses } from './journal.ts';
export type { Confirm, Effect, HttpTemplate, Intent, Operation, Undo } from './operation.ts';
export type { Attempt, Receipt, RunReport, Verdict, VerdictReason } from './receipt.ts';
export type { Step } from './steps.ts';
