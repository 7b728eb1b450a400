/** Makes connections, and waits when the process has no free file descriptor. */

import { buildConnector } from 'undici';

/** Idle connections end after a few seconds, which frees descriptors. */
const RETRY_MS = 50;
/** Longest wait for it. */
const PATIENCE_MS = 10_000;

/** A connector for undici. Running out of descriptors is our own limit and not a fault of the endpoint, so it waits. */
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
