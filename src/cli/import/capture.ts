import { Fault } from '../../base/fault.ts';
import type { ReplayLevel, ReplayScript } from '../../scenario/replay/replay-script.ts';
import { captureScript } from '../../scenario/replay/capture-script.ts';
import { randomScript } from '../../scenario/replay/random-script.ts';
import type { Input } from '../verb.ts';
import { writeReplay } from './write-replay.ts';

/** A capture as a scenario that plays it again. */
export function importCaptureFile(input: Input, file: string, bytes: Buffer): number {
  const random = randomOf(input);
  const read = captureScript(bytes, {
    level: levelOf(input),
    flows: input.list('flow'),
    fill: random !== undefined,
  });
  if (!read.ok)
    throw new Fault('usage', `"${file}" cannot be played again: ${read.error}`, {
      help:
        'Choose conversations with --flow, play what is neither TCP nor UDP with --packets, ' +
        'put random bytes in place of lost ones with --random cut',
    });
  const script: ReplayScript = random === 'all' ? randomScript(read.value) : read.value;
  return writeReplay(input, file, script);
}

function levelOf(input: Input): ReplayLevel {
  if (input.has('raw') && input.has('packets'))
    throw new Fault('usage', '--raw and --packets exclude each other', {
      help: '--raw writes TCP segments, --packets whole IP packets',
    });
  if (input.has('packets')) return 'packet';
  return input.has('raw') ? 'raw' : 'payload';
}

function randomOf(input: Input): 'cut' | 'all' | undefined {
  const text = input.text('random');
  if (text === undefined || text === 'cut' || text === 'all') return text;
  throw new Fault('usage', `Expected ${input.origin('random')} to be cut or all, found "${text}"`);
}
