import { STATUS_CODES } from 'node:http';
import type { Response } from '../http-message.ts';

/** An answer that says no more than its status. */
export function answerStatus(response: Response, status: number): void {
  const text = `${status} ${STATUS_CODES[status] ?? ''}\n`;
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Content-Length', text.length);
  response.end(text);
}
