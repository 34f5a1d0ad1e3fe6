// Field settings → bytes. What is not said is zero; sizes, counts and what choices go by follow from what is.
import { Fault } from '../../../base/fault.ts';
import type { FieldSetting } from '../../../model/relay.ts';
import type { Side } from '../contract.ts';
import type { Grammar } from '../grammar.ts';
import { Emitter } from './emitter.ts';
import { settingTree } from './settings.ts';

/** Throws a `Fault` of usage where a setting is not one of such a message. */
export function writeMessage(
  { spec, roots }: Grammar,
  type: string,
  values: readonly FieldSetting[],
  side: Side,
): Uint8Array {
  const { layout } = roots[side];
  const typed = spec.type === null ? [] : [{ path: spec.type, value: type }];
  const settings = settingTree([...typed, ...values]);
  const emitter = new Emitter();
  emitter.message(layout, settings);
  const stray = emitter.stray(settings);
  if (stray !== null)
    throw new Fault('usage', `"${stray.path}" is no field of a message of type ${type}`);
  const { output } = emitter;
  if (spec.frame.kind === 'length' && layout.size === null) output.frameLength(spec.frame);
  return output.bytes;
}
