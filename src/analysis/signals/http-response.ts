// The HTTP response that one segment begins, as far as it can be read: pages are compared by it. Bytes of TLS are never one.
import { latin1 } from '../../wire/bytes.ts';
import { isHttpResponse } from '../describe-packet.ts';
import type { SeenPacket } from '../seen-packet.ts';

export interface ReadResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** As much of it as lies in the segment. */
  readonly body: string;
}

/** Null where the head does not end within the segment. */
export function readResponse(packet: SeenPacket): ReadResponse | null {
  if (!isHttpResponse(packet)) return null;
  const payload = packet.payload();
  const text = latin1(payload, 0, payload.length);
  const end = /\r?\n\r?\n/.exec(text);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(text)?.[1];
  if (!end || status === undefined) return null;
  const fields = new Map<string, string>();
  for (const line of text.slice(0, end.index).split(/\r?\n/).slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '') fields.set(name, line.slice(colon + 1).trim());
  }
  return { status: Number(status), fields, body: text.slice(end.index + end[0].length) };
}

/** What makes two responses the same page: all but what changes by itself. */
export const pageKey = ({ status, fields, body }: ReadResponse): string =>
  JSON.stringify([status, [...fields].filter(([name]) => name !== 'date').toSorted(), body]);
