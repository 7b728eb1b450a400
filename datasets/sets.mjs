/** The sample sets by the name of their folder. */

import { createDemo } from './demo/set.mjs';

export const SETS = {
  demo: createDemo,
};
