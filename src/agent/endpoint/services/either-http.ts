import type { Server as HttpServer } from 'node:http';
import type { Http2Server } from 'node:http2';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** How a client with prior knowledge of HTTP/2 begins (RFC 9113 section 3.4); no method of HTTP/1.1 does. */
const PREFACE = Buffer.from('PRI ');

/** Listens for both servers and gives each connection to the one whose version it speaks. */
export function serveEither(http1: HttpServer, http2: Http2Server): Server {
  const choose = (socket: Socket): void => {
    const first = socket.read() as Buffer | null;
    if (first === null) {
      socket.once('readable', () => choose(socket));
      return;
    }
    socket.unshift(first);
    const isPrefix = PREFACE.subarray(0, first.length).equals(first.subarray(0, PREFACE.length));
    if (isPrefix && first.length < PREFACE.length) {
      socket.once('readable', () => choose(socket));
      return;
    }
    (isPrefix ? http2 : http1).emit('connection', socket);
  };
  return createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
    socket.once('readable', () => choose(socket)),
  );
}
