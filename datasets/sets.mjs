/** The sample sets by the name of their folder. */

import { createChartsAndTables } from './charts-and-tables/set.mjs';
import { createDemo } from './demo/set.mjs';
import { createReceiptsAndScreens } from './receipts-and-screens/set.mjs';
import { createSpeech } from './speech/set.mjs';

export const SETS = {
  demo: createDemo,
  'charts-and-tables': createChartsAndTables,
  'receipts-and-screens': createReceiptsAndScreens,
  speech: createSpeech,
};
