import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import { END_OF_FILE } from '../../../traffic/failure.ts';
import { requestFields } from '../../../traffic/http-request.ts';
import type { HttpRequest } from '../../../traffic/http-request.ts';
import { BODY_START_LIMIT } from '../../../traffic/http-response.ts';
import type { Linger } from '../linger.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import type { HttpAnswer } from './http-exchange.ts';

export interface Http2Options {
  readonly scheme: 'http' | 'https';
  readonly linger: Linger;
  /** Bytes of the body that are kept. */
  readonly bodyLimit?: number;
}

/** The same as `exchangeHttp` in a session of HTTP/2 of its own (RFC 9113), which then closes with GOAWAY. */
export async function exchangeHttp2(
  socket: Duplex,
  request: HttpRequest,
  measurement: Measurement,
  { scheme, linger, bodyLimit = BODY_START_LIMIT }: Http2Options,
): Promise<HttpAnswer> {
  const { connect } = await import('node:http2');
  measurement.operation = 'read';
  const session = connect(`${scheme}://localhost`, { createConnection: () => socket });
  measurement.onFailure(() => session.destroy());
  const answer = await exchange(session, request, measurement, { scheme, bodyLimit });
  measurement.mark('done');
  linger.follow(socket, () => session.close());
  return answer;
}

function exchange(
  session: ClientHttp2Session,
  request: HttpRequest,
  measurement: Measurement,
  { scheme, bodyLimit }: { readonly scheme: string; readonly bodyLimit: number },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { method, path, host: authority, body } = request;
    const stream = session.request({
      ...{ ':method': method, ':scheme': scheme, ':authority': authority, ':path': path },
      ...Object.fromEntries(requestFields(request)),
    });
    const kept: Buffer[] = [];
    let status = 0;
    let missing = bodyLimit;
    /** Bytes that the response says it has. */
    let promised = 0;
    const note = (): void => {
      if (status === 0) return;
      measurement.findings.status = status;
      const start = Buffer.concat(kept).subarray(0, BODY_START_LIMIT);
      measurement.findings.bodyStart = new TextDecoder().decode(start);
    };
    measurement.onFailure(note);
    session.once('error', reject);
    stream.once('error', reject);
    stream.once('response', (headers: IncomingHttpHeaders) => {
      measurement.mark('first_byte');
      status = Number(headers[':status'] ?? 0);
      if (method !== 'HEAD') promised = Number(headers['content-length'] ?? 0);
    });
    stream.on('data', (bytes: Buffer) => {
      measurement.received += bytes.length;
      kept.push(bytes.subarray(0, missing));
      missing -= Math.min(missing, bytes.length);
    });
    stream.once('end', () => {
      note();
      if (status === 0 || stream.aborted || measurement.received < promised) {
        cutShort();
        return;
      }
      resolve({ status, body: Buffer.concat(kept) });
    });
    // A stream that is cut short closes without an end, or with one that is the end of the connection.
    const cutShort = (): void =>
      reject(
        new ProbeFailure(
          END_OF_FILE,
          `The peer closed the connection after ${measurement.received} bytes`,
        ),
      );
    stream.once('aborted', cutShort).once('close', cutShort);
    session.once('close', cutShort);
    stream.end(body);
  });
}
