import type { Duplex } from 'node:stream';
import { httpRequestHead } from '../../../traffic/http-request.ts';
import type { HttpRequest } from '../../../traffic/http-request.ts';
import { BODY_START_LIMIT, createHttpResponseReader } from '../../../traffic/http-response.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { readStream } from './read-stream.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Its first bytes, as many as were asked for. */
  readonly body: Uint8Array;
}

/** Sends the request over HTTP/1.1 and reads its response to the end; what was read is noted however it ends. */
export async function exchangeHttp(
  socket: Duplex,
  request: HttpRequest,
  measurement: Measurement,
  bodyLimit: number = BODY_START_LIMIT,
): Promise<HttpAnswer> {
  const response = createHttpResponseReader(request.method, bodyLimit);
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
  if (request.body) socket.write(request.body);
  await answered;
  note();
  return { status: response.status ?? 0, body: response.body };
}
