import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool';
import type { Tool as McpSdkTool } from '@modelcontextprotocol/client';
import type { generateText, ToolSet } from 'ai';
import type OpenAI from 'openai';
import { expectTypeOf, test } from 'vitest';
import type { SkillRouter, Toolset } from '../../src/index.ts';

declare const router: SkillRouter;
type Tools<Format extends 'ai-sdk' | 'openai' | 'anthropic' | 'mcp'> = Awaited<ReturnType<typeof ask<Format>>>;
const ask = <Format extends 'ai-sdk' | 'openai' | 'anthropic' | 'mcp'>(format: Format) => router.tools({ format });

test('each format fits its package, without importing it', () => {
  expectTypeOf<Tools<'ai-sdk'>>().toExtend<ToolSet>();
  expectTypeOf<Tools<'ai-sdk'>>().toExtend<NonNullable<Parameters<typeof generateText<Tools<'ai-sdk'>>>[0]['tools']>>();
  expectTypeOf<Tools<'openai'>['tools']>().toExtend<OpenAI.Responses.Tool[]>();
  expectTypeOf<Tools<'openai'>['chatTools']>().toExtend<OpenAI.Chat.Completions.ChatCompletionTool[]>();
  expectTypeOf<Awaited<ReturnType<Tools<'openai'>['run']>>>().toExtend<OpenAI.Responses.ResponseInputItem>();
  expectTypeOf<Awaited<ReturnType<Tools<'openai'>['runChat']>>>().toExtend<OpenAI.Chat.Completions.ChatCompletionMessageParam>();
  expectTypeOf<OpenAI.Responses.ResponseFunctionToolCall>().toExtend<Parameters<Tools<'openai'>['run']>[0]>();
  expectTypeOf<OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall>().toExtend<Parameters<Tools<'openai'>['runChat']>[0]>();
  expectTypeOf<Tools<'anthropic'>[number]>().toExtend<BetaRunnableTool>();
  expectTypeOf<Tools<'mcp'>['tools'][number]>().toExtend<McpSdkTool>();
});

test('without a format they are in nobody’s', () => {
  expectTypeOf(() => router.tools()).returns.resolves.toEqualTypeOf<Toolset>();
  expectTypeOf(() => router.tools({ operations: ['lead.*'], expose: 'direct', user: 'ada' })).returns.resolves.toEqualTypeOf<Toolset>();
  // @ts-expect-error no such format
  void (() => router.tools({ format: 'openapi' }));
});
