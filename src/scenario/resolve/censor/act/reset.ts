import type { ResetAction } from '../../../../model/censor-action.ts';
import { AS_TRIGGER, DEFAULT_RESET } from '../../../../model/censor-defaults.ts';
import type { Reset, Rewrite, Teardown } from '../../../../model/scenario-file.ts';
import { listed } from '../../../text.ts';
import { millis } from '../../quantity.ts';
import { readHex } from '../hex.ts';
import { type Place, below } from '../scope.ts';
import { SHORT, TTL, sourceAt } from './number-source.ts';

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];

export function resolveReset(place: Place, written: Reset): ResetAction {
  const usual = DEFAULT_RESET;
  const { flags, payload, delay, gap } = written;
  const offsets = written.offsets ?? usual.offsets;
  return {
    ...usual,
    sides: written.sides ?? usual.sides,
    count: written.count ?? offsets.length,
    flags: flags === undefined ? usual.flags : resolveFlags(below(place, 'flags'), flags, 'RST'),
    offsets,
    ttl: sourceAt(place, 'ttl', written.ttl, TTL, usual.ttl),
    window: sourceAt(place, 'window', written.window, SHORT, usual.window),
    ipId: sourceAt(place, 'ip-id', written['ip-id'], SHORT, usual.ipId),
    payload: readHex(below(place, 'payload'), payload ?? usual.payload, 'S088') ?? usual.payload,
    delay: delay === undefined ? usual.delay : millis(delay),
    gap: gap === undefined ? usual.gap : millis(gap),
    repeat: written.repeat ?? usual.repeat,
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
