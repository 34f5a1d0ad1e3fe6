import type { Duplex } from 'node:stream';
import { END_OF_FILE } from '../../../traffic/failure.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';

/** What makes sense of a stream's bytes. */
export interface StreamReader {
  /** Takes the next bytes; true when nothing more is needed. Throws a `ProbeFailure` when they are wrong. */
  push(bytes: Uint8Array): boolean;
  /** The peer has closed; true when that was to be expected, else the failure is `eof_error`. */
  end(): boolean;
}

/** Reads until `reader` has enough, noting bytes and times. */
export function readStream(
  socket: Duplex,
  reader: StreamReader,
  measurement: Measurement,
): Promise<void> {
  measurement.operation = 'read';
  return new Promise((resolve, reject) => {
    const onData = (bytes: Buffer): void => {
      measurement.mark('first_byte');
      measurement.received += bytes.length;
      attempt(() => reader.push(bytes));
    };
    const onEnd = (): void => {
      attempt(() => {
        if (reader.end()) return true;
        throw new ProbeFailure(
          END_OF_FILE,
          `The peer closed the connection after ${measurement.received} bytes`,
        );
      });
    };
    const attempt = (step: () => boolean): void => {
      try {
        if (!step()) return;
        measurement.mark('done');
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
      socket.off('data', onData).off('end', onEnd);
    };
    socket.on('data', onData).once('end', onEnd).once('error', reject);
  });
}
