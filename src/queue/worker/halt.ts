/** Stops the cells of a worker while its run is paused, as the stop of the process does. */

import { setMaxListeners } from 'node:events';

export interface Halt {
  /** Aborts when the run is paused or the process is stopped; another one after each pause. */
  signal(): AbortSignal;
  pause(): void;
  resume(): void;
}

export function createHalt(stop: AbortSignal): Halt {
  const next = () => {
    const controller = new AbortController();
    const signal = AbortSignal.any([stop, controller.signal]);
    // Every request in flight adds a listener: many listeners are not a leak here.
    setMaxListeners(0, signal);
    return { controller, signal };
  };
  let current = next();
  return {
    signal: () => current.signal,
    pause: () => current.controller.abort(),
    resume() {
      if (current.controller.signal.aborted) current = next();
    },
  };
}
