import type { MessageInitShape } from '@bufbuild/protobuf';
import { isRouterError } from '../../src/contract/errors.ts';
import type { Descriptors } from './descriptors.ts';
import { CODE, Refusal } from './door-desk.ts';
import { rowOf, TOOL_ERROR, writeOwn } from './errors.ts';

export type ErrorDetail = MessageInitShape<Descriptors['errorInfo']>;

/** Whatever a handler threw, in Scalekit's words. A bug tells the caller nothing of itself. */
export interface Told {
  readonly code: number;
  /** The status of a REST twin. */
  readonly status: number;
  readonly message: string;
  readonly detail: ErrorDetail;
}

const INTERNAL = 13;

export function tell(error: unknown): Told {
  if (error instanceof Refusal) return told(error.code, error.message, detailOf(error));
  if (!isRouterError(error)) return told(INTERNAL, 'internal error', { errorCode: 'INTERNAL' });
  const fields = error.details.fields ?? [];
  return told(writeOwn(error).code, error.message, detailOf(new Refusal(0, '', { fields }), error.code.toUpperCase()));
}

function told(code: number, message: string, detail: ErrorDetail): Told {
  return { code, status: rowOf(code).status, message, detail };
}

/** guess: the words of `errorCode`, of which only TOOL_ERROR is published. */
function detailOf({ code, fields, tool }: Refusal, word: string = rowOf(code).name.toUpperCase()): ErrorDetail {
  if (tool) return { errorCode: TOOL_ERROR, toolErrorInfo: tool };
  if (fields.length === 0) return { errorCode: word };
  const fieldViolations = fields.map(({ path, problem }) => ({ field: path, description: problem, constraint: '' }));
  return { errorCode: word, validationErrorInfo: { fieldViolations } };
}

export const unauthenticated: Refusal = new Refusal(CODE.unauthenticated, 'token is missing, wrong or expired');
