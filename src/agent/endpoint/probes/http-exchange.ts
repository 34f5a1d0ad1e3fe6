import type { Socket } from 'node:net';
import { httpRequestHead } from '../../../traffic/http-request.ts';
import type { HttpRequest } from '../../../traffic/http-request.ts';
import { createHttpResponseReader } from '../../../traffic/http-response.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { readStream } from './read-stream.ts';

/** Sends the request and reads its response to the end; what was read is noted however it ends. */
export async function exchangeHttp(
  socket: Socket,
  request: HttpRequest,
  measurement: Measurement,
): Promise<void> {
  const response = createHttpResponseReader(request.method);
  const isOver = (): boolean => {
    if (response.fault !== undefined) throw new ProbeFailure('http_request_failed', response.fault);
    return response.complete;
  };
  const note = (): void => {
    if (response.status === undefined) return;
    measurement.findings.status = response.status;
    measurement.findings.bodyStart = response.bodyStart;
  };
  measurement.onFailure(note);
  const answered = readStream(
    socket,
    {
      push: (bytes) => {
        response.push(bytes);
        return isOver();
      },
      end: () => {
        response.end();
        return isOver();
      },
    },
    measurement,
  );
  socket.write(httpRequestHead(request), 'latin1');
  await answered;
  note();
}
