// Values of fields, as rules write them.
import type { BytesValue, RelayValue } from '../../../model/scenario-file.ts';
import type { EditValue } from '../../../model/relay.ts';
import { hexOf, readHex } from '../censor/hex.ts';
import { type RelayPlace, within } from './scope.ts';

/** A large number keeps its digits; truth values are bits; bytes are hexadecimal. */
export function resolveValue(place: RelayPlace, written: RelayValue): EditValue {
  if (typeof written === 'string') return written;
  if (typeof written === 'boolean') return written ? 1 : 0;
  return typeof written === 'number' ? numberAt(place, written) : resolveBytes(place, written);
}

/** Hexadecimal digits of what is written as text or as bytes. */
export function resolveBytes(place: RelayPlace, written: BytesValue): string {
  if (typeof written === 'string') return hexOf(written);
  const { hex, text = '' } = written;
  if (hex === undefined) return hexOf(text);
  return readHex(within(place, 'hex'), hex, 'S183') ?? '';
}

function numberAt({ scope: { context }, path }: RelayPlace, written: number): EditValue {
  const text = context.textAt(path, written);
  const isExact = Number.isSafeInteger(written) || !/^(\d+|0x[\da-f]+)$/i.test(text);
  return isExact ? written : BigInt(text).toString();
}
