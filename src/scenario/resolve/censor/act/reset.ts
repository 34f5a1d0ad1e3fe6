import type { ResetAction } from '../../../../model/censor-action.ts';
import { AS_TRIGGER } from '../../../../model/censor-defaults.ts';
import type { Reset, Rewrite, Teardown } from '../../../../model/scenario-file.ts';
import { listed } from '../../../text.ts';
import { millis } from '../../quantity.ts';
import { readHex } from '../hex.ts';
import { type Place, below } from '../scope.ts';
import { SHORT, TTL, sourceAt } from './number-source.ts';

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const ZERO = { from: 'fixed', value: 0 } as const;

export function resolveReset(place: Place, written: Reset): ResetAction {
  const offsets = written.offsets ?? [0];
  return {
    kind: 'reset',
    mode: 'inject',
    direction: 'both',
    sides: written.sides ?? 'both',
    count: written.count ?? offsets.length,
    flags: resolveFlags(below(place, 'flags'), written.flags ?? 'RST', 'RST'),
    offsets,
    ttl: sourceAt(place, 'ttl', written.ttl, TTL, AS_TRIGGER),
    window: sourceAt(place, 'window', written.window, SHORT, ZERO),
    ipId: sourceAt(place, 'ip-id', written['ip-id'], SHORT, ZERO),
    payload: readHex(below(place, 'payload'), written.payload ?? '', 'S088') ?? '',
    delay: millis(written.delay ?? '0ms'),
    gap: millis(written.gap ?? '0ms'),
    repeat: written.repeat ?? true,
    dropTrigger: written.dropTrigger ?? place.scope.inPath,
  };
}

/** The flow's own packets keep all that is not written. */
export function resolveRewrite(place: Place, written: Rewrite): ResetAction {
  return {
    ...resolveReset(place, {}),
    mode: 'rewrite',
    direction: written.direction ?? 'reverse',
    flags: resolveFlags(below(place, 'flags'), written.flags ?? 'RST+ACK', 'RST'),
    ttl: sourceAt(place, 'ttl', written.ttl, TTL, AS_TRIGGER),
    window: sourceAt(place, 'window', written.window, SHORT, AS_TRIGGER),
    ipId: sourceAt(place, 'ip-id', written['ip-id'], SHORT, AS_TRIGGER),
    dropTrigger: false,
  };
}

/** What the server gets after a block page. */
export function resolveTeardown(place: Place, written: Teardown): ResetAction | null {
  if (written === false) return null;
  const options = written === true ? {} : written;
  return resolveReset(place, { ...options, sides: 'server' });
}

/** `RST+ACK` → its flags, `needed` among them. What is none is reported, and left out. */
export function resolveFlags(
  { scope, path }: Place,
  written: string,
  needed?: string,
): readonly string[] {
  const words = written.split(/[+,|]/).map((word) => word.trim().toUpperCase());
  const stray = words.find((word) => !FLAGS.includes(word));
  if (stray !== undefined)
    scope.context.report('S088', path, `Expected flags of TCP, found "${stray}"`, {
      help: `Of ${listed(FLAGS, 'and', false)}, joined by "+": "RST+ACK"`,
    });
  else if (needed !== undefined && !words.includes(needed))
    scope.context.report('S088', path, `Expected ${needed} among the flags, found "${written}"`, {
      help: `Write "${[needed, ...words].join('+')}"`,
    });
  return [...new Set(words)].filter((word) => FLAGS.includes(word));
}
