/** Close as an app. Loads no operation and no schema library until somebody asks for an operation. */
import type { App } from '../../contract/app.ts';
import { lazyApp } from '../catalog.ts';
import { errors } from './errors.ts';
import { files } from './files.ts';
import { identity } from './identity.ts';
import { ids } from './ids.generated.ts';
import { rateLimit } from './rate-limit.ts';

export const closeApp: App = lazyApp({ id: 'close', files, ids, errors, rateLimit, identity });
