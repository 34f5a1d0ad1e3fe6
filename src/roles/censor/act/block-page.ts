import type { BlockPageAction } from '../../../model/censor-action.ts';

/** The whole HTTP/1 response (RFC 9112 section 4): Content-Length and Connection are the rule's where it names them, else ours. */
export function renderBlockPage({
  version,
  status,
  reason,
  headers,
  body,
}: BlockPageAction): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(body);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const fields = [...headers];
  if (!given.has('content-type')) fields.push(['Content-Type', 'text/html; charset=utf-8']);
  if (!given.has('content-length')) fields.push(['Content-Length', `${bytes.length}`]);
  if (!given.has('connection')) fields.push(['Connection', 'close']);
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = encoder.encode(`HTTP/${version} ${status} ${reason}\r\n${lines}\r\n`);
  const page = new Uint8Array(head.length + bytes.length);
  page.set(head);
  page.set(bytes, head.length);
  return page;
}
