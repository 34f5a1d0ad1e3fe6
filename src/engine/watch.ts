// What becomes of a lab's containers, as the engine tells it.
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { member } from '../base/member.ts';
import { CONTAINER_LABELS } from '../model/container.ts';
import { ANSWER_MS, type EngineClient, askForStream } from './client.ts';
import type { EngineEvent, EngineWatch } from './engine.ts';
import { splitLines } from './json-lines.ts';

export async function watch(
  { docker }: EngineClient,
  labId: string,
  onEvent: (event: EngineEvent) => void,
): Promise<EngineWatch> {
  // The engine subscribes after it has answered: `since` fills that gap.
  const since = Date.now() / 1000;
  const filters = {
    type: ['container'],
    event: ['start', 'die', 'died', 'oom'],
    label: [`${CONTAINER_LABELS.lab}=${labId}`],
  };
  const stream = await askForStream("hear of containers' ends", ANSWER_MS, (abortSignal) =>
    docker.getEvents({ since, filters: JSON.stringify(filters), abortSignal }),
  );
  let isClosed = false;
  const lost = new Promise<string>((resolve) => {
    const settle = (reason: string): void => {
      if (!isClosed) resolve(reason);
    };
    stream.on('error', (error: Error) => {
      settle(`the connection to the container engine broke (${error.message})`);
    });
    stream.on('end', () => {
      settle('the container engine ended the connection');
    });
    stream.on('close', () => {
      settle('the container engine closed the connection');
    });
  });
  const feed = splitLines((line) => {
    const event = parseEvent(line);
    if (event && !isClosed) onEvent(event);
  });
  const decoder = new StringDecoder('utf8');
  stream.on('data', (chunk: Buffer) => {
    feed(decoder.write(chunk));
  });
  return {
    lost,
    close: () => {
      isClosed = true;
      if (stream instanceof Readable) stream.destroy();
    },
  };
}

/** Undefined for what we have not asked for. */
export function parseEvent(value: unknown): EngineEvent | undefined {
  const actor = member(value, 'Actor');
  const container = member(actor, 'ID');
  const nanoseconds = member(value, 'timeNano');
  if (typeof container !== 'string' || typeof nanoseconds !== 'number') return undefined;
  const base = { container, time: nanoseconds / 1e6 };
  const attributes = member(actor, 'Attributes');
  switch (member(value, 'Action') ?? member(value, 'status')) {
    case 'start':
      return { ...base, what: 'started' };
    case 'oom':
      return { ...base, what: 'out-of-memory' };
    case 'die':
    case 'died': {
      const code = member(attributes, 'exitCode') ?? member(attributes, 'containerExitCode');
      return { ...base, what: 'exited', exitCode: Number(code ?? 0) };
    }
    default:
      return undefined;
  }
}
