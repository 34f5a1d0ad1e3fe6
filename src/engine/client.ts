// One connection's worth of an engine: dockerode behind bounds of time, its errors turned into Faults.
import { Agent } from 'node:http';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import { Fault } from '../base/fault.ts';
import { explainFailure } from './explain-failure.ts';

export interface EngineClient {
  readonly docker: Docker;
  /** `unix:///var/run/docker.sock`. */
  readonly address: string;
}

/** How long the engine may take for a question that it answers from memory, in milliseconds. */
export const ANSWER_MS = 30_000;
/** How long it may take for what changes containers: it may have disks to wait for. */
export const CHANGE_MS = 120_000;

/** Connects to nothing yet. */
export function openClient(socketPath: string): EngineClient {
  // A connection each: none that the engine closed meanwhile is used again, and none keeps the process alive.
  const agent = Object.assign(new Agent({ keepAlive: false }), {
    // docker-modem inspects the options of each request, whether or not anybody looks, and with them every open socket.
    [inspect.custom]: () => 'Agent',
  });
  const options: Docker.DockerOptions & { readonly agent: Agent } = {
    socketPath,
    agent,
    // Else the library takes them from DOCKER_HOST.
    host: '',
    protocol: 'http',
  };
  return { docker: new Docker(options), address: `unix://${socketPath}` };
}

/**
 * Asks the engine; `what` says what for, as in `Cannot <what>: …`. The signal aborts at the limit, so it belongs to calls
 * that are over when answered.
 */
export async function ask<T>(
  what: string,
  limitMs: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(limitMs);
  try {
    return await Promise.race([call(signal), rejectWhenAborted(signal)]);
  } catch (error) {
    if (!signal.aborted) throw explainFailure(what, error);
    throw silence(what, limitMs);
  }
}

/** For the calls that take no signal: they are left to themselves. */
const rejectWhenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('too late'));
    });
  });

/** As `ask`, for calls that give a stream: the limit holds until the stream is there. */
export async function askForStream<T>(
  what: string,
  limitMs: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
  }, limitMs);
  try {
    return await call(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw explainFailure(what, error);
    throw silence(what, limitMs);
  } finally {
    clearTimeout(timer);
  }
}

const silence = (what: string, limitMs: number): Fault =>
  new Fault(
    'machine',
    `Cannot ${what}: the container engine did not answer within ${limitMs / 1000} s`,
    { help: 'Look at the engine\'s own log, such as "journalctl -u docker", and restart it' },
  );
