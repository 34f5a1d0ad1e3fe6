import { PassThrough, type Readable, pipeline } from 'node:stream';
import { Fault } from '../base/fault.ts';

/** The same stream, which fails when nothing has come for `limitMs`; `what` as in `Cannot <what>: …`. */
export function failWhenSilent(
  source: NodeJS.ReadableStream,
  limitMs: number,
  what: string,
): Readable {
  const through = new PassThrough();
  const timer = setTimeout(() => {
    through.destroy(
      new Fault(
        'machine',
        `Cannot ${what}: the container engine was silent for ${limitMs / 1000} s`,
        {
          help: 'Look at the engine\'s own log, such as "journalctl -u docker"',
        },
      ),
    );
  }, limitMs);
  source.on('data', () => timer.refresh());
  pipeline(source, through, () => {
    clearTimeout(timer);
  });
  return through;
}
