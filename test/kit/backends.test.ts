import { describe, it } from 'vitest';
import { describeAdapter } from '../../src/contract-kit.ts';
import { NAMES } from '../contract/rig.ts';
import { subjectOf } from './subjects.ts';

for (const name of NAMES) describeAdapter(subjectOf(name), { describe, it });
