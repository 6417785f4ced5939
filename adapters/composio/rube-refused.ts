import { type Envelope, failure, type Prefix } from './rube-desk.ts';

interface Unserved {
  /** What to do instead. */
  readonly why: (prefix: Prefix) => string;
  /** What its answer holds beside the error. */
  readonly data?: (message: string) => Readonly<Record<string, unknown>>;
}

const recipe: Unserved = {
  why: (prefix) => `Recipes are kept at Rube, not here. Run the steps yourself with ${prefix}MULTI_EXECUTE_TOOL.`,
};

/** Meta tools of Rube that this door does not have. They are not listed; who calls one all the same is told what to do instead. */
export const UNSERVED: Readonly<Record<string, Unserved>> = {
  REMOTE_WORKBENCH: {
    why: (prefix) =>
      `There is no remote workbench here: this server runs no code. Run tools with ${prefix}MULTI_EXECUTE_TOOL, up to 50 in one call, and work on the results yourself.`,
    data: (message) => ({ results: '', stdout: '', stderr: message }),
  },
  REMOTE_BASH_TOOL: {
    why: (prefix) =>
      `There is no remote shell here: this server runs no commands. Run tools with ${prefix}MULTI_EXECUTE_TOOL and work on the results yourself.`,
    data: (message) => ({ stdout: '', stdoutLines: 0, stderr: message, stderrLines: 1 }),
  },
  CREATE_PLAN: {
    why: (prefix) =>
      `Plans come with the search, as they do at Rube since 2026: call ${prefix}SEARCH_TOOLS and follow its recommended_plan_steps.`,
  },
  CREATE_UPDATE_RECIPE: recipe,
  EXECUTE_RECIPE: recipe,
  FIND_RECIPE: recipe,
  GET_RECIPE_DETAILS: recipe,
  MANAGE_RECIPE_SCHEDULE: recipe,
};

/** guess: that Rube's own refusals have the same envelope as its answers. */
export function unserved({ why, data }: Unserved, prefix: Prefix): Envelope {
  const message = `${why(prefix)} Nothing was run.`;
  return failure(message, data?.(message));
}
