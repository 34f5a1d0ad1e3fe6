// Extensions of a ClientHello that lies whole in some bytes: RFC 8446 sections 4.1.2 and 4.2. Its records come out as one.
import {
  concatBytes,
  fromLatin1,
  readU16,
  readU24,
  readU8,
  writeU16,
} from '../../../../wire/bytes.ts';
import {
  TLS_CLIENT_HELLO,
  TLS_EXTENSION,
  TLS_RECORD_HEADER_LENGTH,
  readClientHello,
} from '../../../../wire/tls.ts';

const HANDSHAKE_HEADER_LENGTH = 4;
const EXTENSION_HEADER_LENGTH = 4;
/** Version and random. */
const FIXED_LENGTH = 34;

/** What becomes of an extension: its data, other data, or nothing to take it out. */
type EditExtension = (type: number, data: Uint8Array) => Uint8Array | null;

/** Takes an extension out. */
export const stripExtension = (bytes: Uint8Array, extension: number): Uint8Array =>
  editHello(bytes, (type, data) => (type === extension ? null : data));

/** Gives the hello another server name, where it has one (RFC 6066 section 3). */
export const setServerName = (bytes: Uint8Array, name: string): Uint8Array =>
  editHello(bytes, (type, data) =>
    type === TLS_EXTENSION.serverName
      ? with16(concatBytes(Uint8Array.of(0), with16(fromLatin1(name))))
      : data,
  );

/** The same array when no hello lies whole in the bytes or nothing changes. */
function editHello(bytes: Uint8Array, edit: EditExtension): Uint8Array {
  const reading = readClientHello(bytes, 0, bytes.length);
  if (reading.kind !== 'client-hello') return bytes;
  const handshake = gatherRecords(bytes, reading.records);
  if (handshake === null) return bytes;
  const end = HANDSHAKE_HEADER_LENGTH + readU24(handshake, 1);
  const body = handshake.subarray(HANDSHAKE_HEADER_LENGTH, end);
  const edited = editBody(body, edit);
  if (edited === body) return bytes;
  const header = Uint8Array.of(
    TLS_CLIENT_HELLO,
    edited.length >>> 16,
    edited.length >>> 8,
    edited.length,
  );
  const message = concatBytes(header, edited, handshake.subarray(end));
  const taken = handshake.length + reading.records * TLS_RECORD_HEADER_LENGTH;
  return concatBytes(bytes.subarray(0, 3), with16(message), bytes.subarray(taken));
}

/** What the first records hold, or null when the last is not all here. */
function gatherRecords(bytes: Uint8Array, records: number): Uint8Array | null {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let record = 0; record < records; record += 1) {
    const body = at + TLS_RECORD_HEADER_LENGTH;
    at = body + readU16(bytes, at + 3);
    if (at > bytes.length) return null;
    pieces.push(bytes.subarray(body, at));
  }
  return concatBytes(...pieces);
}

function editBody(body: Uint8Array, edit: EditExtension): Uint8Array {
  let at = FIXED_LENGTH;
  at += 1 + readU8(body, at);
  at += 2 + readU16(body, at);
  at += 1 + readU8(body, at);
  if (at + 2 > body.length) return body;
  const kept: Uint8Array[] = [];
  let isChanged = false;
  for (let place = at + 2; place + EXTENSION_HEADER_LENGTH <= body.length;) {
    const stop = place + EXTENSION_HEADER_LENGTH + readU16(body, place + 2);
    const data = body.subarray(place + EXTENSION_HEADER_LENGTH, stop);
    const edited = edit(readU16(body, place), data);
    isChanged ||= edited !== data;
    if (edited !== null) kept.push(body.subarray(place, place + 2), with16(edited));
    place = stop;
  }
  return isChanged ? concatBytes(body.subarray(0, at), with16(concatBytes(...kept))) : body;
}

function with16(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + data.length);
  writeU16(bytes, 0, data.length);
  bytes.set(data, 2);
  return bytes;
}
