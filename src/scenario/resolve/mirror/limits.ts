import { MIRROR_LIMITS, MIRROR_TIMEOUTS } from '../../../model/mirror-defaults.ts';
import type { MirrorLimits, MirrorTimeouts } from '../../../model/mirror.ts';
import type { Mirror } from '../../../model/scenario-file.ts';
import { bytes, millis } from '../quantity.ts';

export function resolveTimeouts(written: Mirror['timeouts'] = {}): MirrorTimeouts {
  const of = (key: keyof MirrorTimeouts): number => {
    const text = written[key];
    return text === undefined ? MIRROR_TIMEOUTS[key] : millis(text);
  };
  return {
    ...{ establish: of('establish'), answer: of('answer'), stall: of('stall') },
    ...{ closing: of('closing'), idle: of('idle'), gap: of('gap') },
  };
}

export function resolveLimits(written: Mirror['limits'] = {}): MirrorLimits {
  const size = (key: 'sessionBytes' | 'totalBytes' | 'flight'): number => {
    const text = written[key];
    return text === undefined ? MIRROR_LIMITS[key] : bytes(text);
  };
  return {
    sessions: written.sessions ?? MIRROR_LIMITS.sessions,
    sessionBytes: size('sessionBytes'),
    totalBytes: size('totalBytes'),
    flight: size('flight'),
    mtu: written.mtu ?? MIRROR_LIMITS.mtu,
    reopens: written.reopens ?? MIRROR_LIMITS.reopens,
  };
}
