import { textFlag } from '../flags.ts';
import { printTable } from '../table.ts';
import { checkApp, meansApp, titleOf } from './app-name.ts';
import { guarded } from './guard.ts';
import { integrationOf } from './shapes.ts';

/** `integration list`, `external-app list`: the one app that is worked on. */
export const list = guarded(async ({ terminal, app }, _args, values) => {
  checkApp(app, app);
  const search = textFlag(values, 'search') ?? '';
  const fits = meansApp(app, search) || titleOf(app).toLowerCase().includes(search.trim().toLowerCase());
  if (terminal.json) return terminal.result({ items: fits ? [integrationOf(app)] : [] });
  if (fits) await printTable(terminal, ['id', 'name'], [[app, titleOf(app)]]);
  else terminal.say(`Nothing fits. The app here is ${app}; --app takes another one.`);
});
