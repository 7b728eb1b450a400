/** Starts the page of `report.html`. */

import { render } from 'preact';
import { App } from './app.tsx';
import { loadData } from './browser/load-data.ts';

const root = document.getElementById('page') ?? document.body;

loadData(document)
  .then((data) => {
    root.textContent = '';
    render(<App data={data} />, root);
  })
  .catch((error: unknown) => {
    root.textContent = `This report cannot be shown (${error instanceof Error ? error.message : String(error)}). Write it again with "earsight report", or open results.csv.`;
  });
