import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { HelloShape } from '../../../model/probe.ts';
import { cut, holdsRecord, splitRecord } from '../../../traffic/hello-split.ts';

type Written = (error?: Error | null) => void;

/** The transport itself, or one before it that cuts the first record written as asked. */
export function shapeHello(transport: Socket, { records, segments }: HelloShape): Socket | Duplex {
  if (records === undefined && segments === undefined) return transport;
  let hello: Uint8Array | null = new Uint8Array(0);
  const shaped = new Duplex({
    allowHalfOpen: true,
    write: (bytes: Buffer, _, done: Written) => {
      if (hello === null) {
        transport.write(bytes, done);
        return;
      }
      hello = Buffer.concat([hello, bytes]);
      if (!holdsRecord(hello)) {
        done();
        return;
      }
      const flight = records === undefined ? hello : splitRecord(hello, records);
      hello = null;
      writeEach(transport, cut(flight, segments ?? []), done);
    },
    read: () => {
      transport.resume();
    },
    final: (done: Written) => {
      transport.end(() => done());
    },
    destroy: (error, done) => {
      transport.destroy(error ?? undefined);
      done(error);
    },
  });
  transport.on('data', (bytes) => {
    if (!shaped.push(bytes)) transport.pause();
  });
  transport.once('end', () => shaped.push(null));
  transport.once('error', (error) => shaped.destroy(error));
  transport.once('close', () => {
    if (shaped.writableFinished || shaped.readableEnded) shaped.destroy();
  });
  return shaped;
}

/** One after the other: with TCP_NODELAY each is a segment of its own as long as none waits for another to leave. */
function writeEach(transport: Socket, pieces: readonly Uint8Array[], done: Written): void {
  const [first, ...rest] = pieces;
  if (first === undefined) {
    done();
    return;
  }
  transport.write(first, (error) => {
    if (error) done(error);
    else writeEach(transport, rest, done);
  });
}
