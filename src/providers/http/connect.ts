/** Makes connections, and waits for a free file where the process may not open another. */

import { buildConnector } from 'undici';

/** Idle connections end after a few seconds, and then there is room. */
const RETRY_MS = 50;
/** Longest wait for it. */
const PATIENCE_MS = 10_000;

/** What undici connects with. Having no file left is our own trouble: nothing was sent, and no endpoint is to blame. */
export function patientConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) => {
    const until = performance.now() + PATIENCE_MS;
    const attempt = () =>
      connect(target, (...[error, socket]) => {
        if (error === null) callback(null, socket);
        else if (isOutOfFiles(error) && performance.now() < until) setTimeout(attempt, RETRY_MS);
        else callback(error, null);
      });
    attempt();
  };
}

function isOutOfFiles(error: Error): boolean {
  return 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
