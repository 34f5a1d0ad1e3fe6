import { RELAY_LIMITS } from '../../../model/relay-defaults.ts';
import type { RelayLimits } from '../../../model/relay.ts';
import type { RelayLimits as Written } from '../../../model/scenario-file.ts';
import { bytes, millis } from '../quantity.ts';

export function resolveLimits(written: Written = {}): RelayLimits {
  const usual = RELAY_LIMITS;
  const time = (key: 'dialTimeout' | 'processTimeout' | 'idleTimeout'): number => {
    const text = written[key];
    return text === undefined ? usual[key] : millis(text);
  };
  return {
    sessions: written.sessions ?? usual.sessions,
    seats: written.seats ?? usual.seats,
    bytes: written.bytes === undefined ? usual.bytes : bytes(written.bytes),
    dialTimeout: time('dialTimeout'),
    processTimeout: time('processTimeout'),
    idleTimeout: time('idleTimeout'),
  };
}
