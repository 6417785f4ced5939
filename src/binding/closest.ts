import { nearest } from '../catalog/nearest.ts';

/** Nobody means a longer name, and the distance to one takes long to measure. */
const LONGEST_NAME = 80;

/** The names closest to what somebody wrote, however long it is. */
export function closest(written: string, names: Iterable<string>, most = 3): readonly string[] {
  return nearest(written.slice(0, LONGEST_NAME), names, most);
}
