/** Connects every host to one loopback port, so that `https:` URLs of public names can be fetched in a test. */

import { connect } from 'node:net';
import { Agent } from 'undici';
import { onTestFinished } from 'vitest';

/** An agent without TLS and without the guard; it is closed after the test. */
export function loopbackAgent(port: number): Agent {
  const agent = new Agent({
    connect: (_, callback) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => callback(null, socket));
      socket.once('error', (error) => callback(error, null));
    },
  });
  onTestFinished(() => agent.destroy());
  return agent;
}
