/** Preloaded with `--import`: names on stderr every file of the MCP library that a process loads. */
import { registerHooks } from 'node:module';

registerHooks({
  load: (url, context, next) => {
    if (url.includes('/@modelcontextprotocol/')) process.stderr.write(`loaded ${url}\n`);
    return next(url, context);
  },
});
