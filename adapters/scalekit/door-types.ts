import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Descriptors } from './descriptors.ts';
import type { Call, Desk } from './door-desk.ts';

export type AccountMethods = Descriptors['accounts']['method'];
export type ToolMethods = Descriptors['tools']['method'];
export type ConnectionMethods = Descriptors['connections']['method'];

export type Request<M> = M extends DescMethodUnary<infer I extends DescMessage, DescMessage> ? MessageShape<I> : never;
export type Answer<M> = M extends DescMethodUnary<DescMessage, infer O extends DescMessage> ? MessageInitShape<O> : never;

/** One method, whether it is called over gRPC or by its REST twin. Throws Refusal or RouterError. */
export type Handler<M> = (desk: Desk, request: Request<M>, call: Call) => Promise<Answer<M>>;
