/** undici has no `exports`: its files can be imported one by one. Its types only describe the whole. */
declare module 'undici/lib/dispatcher/agent.js' {
  // biome-ignore lint/style/noDefaultExport: it describes undici's own file, which is CommonJS
  export { Agent as default } from 'undici';
}
