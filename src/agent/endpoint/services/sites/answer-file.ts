import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { byteRange } from '../../../../traffic/web/byte-range.ts';
import { contentType } from '../../../../traffic/web/content-type.ts';
import { findFile } from '../../../../traffic/web/find-file.ts';
import type { Request, Response } from '../http-message.ts';
import type { OpenFile, OpenSite } from './content.ts';
import { answerStatus } from './answer-status.ts';

/** Sends what of a folder is asked for, or says that it is not there. */
export function answerFile(request: Request, response: Response, { files }: OpenSite): void {
  const { method = 'GET' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answerStatus(response, 405);
    return;
  }
  const found = findFile(files, request.url ?? '/');
  switch (found.kind) {
    case 'bad':
      answerStatus(response, 400);
      return;
    case 'none':
      answerStatus(response, 404);
      return;
    case 'moved':
      response.setHeader('Location', found.to);
      answerStatus(response, 301);
      return;
    case 'file': {
      const file = files.get(found.path);
      if (file === undefined) answerStatus(response, 404);
      else sendFile(request, response, found.path, file);
    }
  }
}

function sendFile(request: Request, response: Response, name: string, file: OpenFile): void {
  // Of GET alone (RFC 9110 section 14.2).
  const range = request.method === 'HEAD' ? null : byteRange(request.headers.range, file.bytes);
  response.setHeader('Accept-Ranges', 'bytes');
  if (range === 'unsatisfiable') {
    response.setHeader('Content-Range', `bytes */${file.bytes}`);
    answerStatus(response, 416);
    return;
  }
  const { first, last } = range ?? { first: 0, last: file.bytes - 1 };
  response.statusCode = range === null ? 200 : 206;
  response.setHeader('Content-Type', contentType(name));
  response.setHeader('Content-Length', last - first + 1);
  if (range !== null) response.setHeader('Content-Range', `bytes ${first}-${last}/${file.bytes}`);
  if (request.method === 'HEAD' || last < first) {
    response.end();
    return;
  }
  // A file that cannot be read any more ends the connection: its head has left.
  pipeline(createReadStream(file.path, { start: first, end: last }), response, (error) => {
    if (error) response.destroy();
  });
}
