import { Readable } from 'node:stream';
import { echoBlocks } from '../../../traffic/echo.ts';
import type { ProbeSpec } from '../../../model/traffic.ts';
import type { Linger } from '../linger.ts';
import type { Measurement } from '../measurement.ts';
import { checkEcho } from './check-echo.ts';
import { readStream } from './read-stream.ts';
import type { StreamReader } from './read-stream.ts';
import { connectTcp } from './tcp-connection.ts';

type TcpProbe = Extract<ProbeSpec, { kind: 'tcp' }>;

/** Connects; where asked to, sends `size` bytes and reads the same bytes back. */
export async function probeTcp(
  probe: TcpProbe,
  measurement: Measurement,
  linger: Linger,
): Promise<void> {
  const socket = await connectTcp(probe.target, measurement);
  if (probe.size > 0) {
    const echoed = readStream(socket, echoReader(probe.size), measurement);
    Readable.from(echoBlocks(probe.size)).pipe(socket, { end: false });
    await echoed;
  }
  linger.close(socket);
}

function echoReader(size: number): StreamReader {
  let offset = 0;
  return {
    push: (bytes) => {
      checkEcho(bytes.subarray(0, size - offset), offset);
      offset += bytes.length;
      return offset >= size;
    },
    end: () => false,
  };
}
