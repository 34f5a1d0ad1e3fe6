// Bytes as a script writes them: as text where a person can read it.
import { encodeBase64 } from '../../../base/base64.ts';
import { type Value, blockOf } from '../../write/yaml-value.ts';
import type { ReplayPayload } from '../replay-script.ts';

/** So many bytes are still readable as hexadecimal digits. */
const LONGEST_HEX = 24;

export function payloadValue(payload: ReplayPayload): Value {
  if (payload.kind === 'random') return blockOf({ random: `${payload.size}B` });
  const { bytes } = payload;
  if (bytes.every(isPrintable))
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (bytes.length <= LONGEST_HEX)
    return blockOf({
      hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' '),
    });
  return blockOf({ base64: encodeBase64(bytes) });
}

/** ASCII that stands for itself, and the ends of lines. */
const isPrintable = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
