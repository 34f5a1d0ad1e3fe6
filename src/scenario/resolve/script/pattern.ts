// `expect` → what is waited for.
import type { ScriptExpect } from '../../../model/scenario-file.ts';
import type { Pattern } from '../../../model/script.ts';
import { isDatagram, isRaw } from '../../../model/script-transport.ts';
import type { Path } from '../../source/tree.ts';
import { resolvePayload } from './payload.ts';
import { resolveRegex } from './regex.ts';
import type { Actor, ScriptScope } from './scope.ts';
import { resolveFlags } from './tcp-flags.ts';

export interface NamedPattern {
  readonly pattern: Pattern;
  /** Variables that it sets. */
  readonly groups: readonly string[];
}

/** Undefined, with a report, when it cannot be. */
export function resolvePattern(
  scope: ScriptScope,
  actor: Actor,
  written: ScriptExpect,
  path: Path,
  name: string,
): NamedPattern | undefined {
  const { context, transport } = scope;
  const [key = ''] = Object.keys(written);
  const stray = strayHelp(scope, written);
  if (stray !== undefined) {
    if (scope.isGuess) return undefined;
    context.report(
      'S151',
      [...path, key],
      `Nothing like "${key}" comes by the transport "${transport}"`,
      {
        key: true,
        help: stray,
      },
    );
    return undefined;
  }
  if (written.regex !== undefined) {
    const regex = resolveRegex(context, written.regex, [...path, 'regex']);
    if (regex === undefined) return undefined;
    const { source, flags, groups } = regex;
    return { pattern: { kind: 'regex', source, flags }, groups };
  }
  const pattern = plainPattern(scope, actor, written, path, name);
  return pattern && { pattern, groups: [] };
}

/** What to write instead of what the transport does not bring. */
function strayHelp({ transport }: ScriptScope, written: ScriptExpect): string | undefined {
  const { until, length, end, reset, packet } = written;
  if (isDatagram(transport)) {
    if (until !== undefined) return 'A datagram is whole when it comes: write "regex" or "length"';
    if (end !== undefined || reset !== undefined) return 'Nobody tells of an end';
  } else if (length !== undefined) return 'Write "bytes": a stream has no datagrams';
  if (transport === 'unix' && reset !== undefined) return 'Write "end"';
  if (packet !== undefined && !isRaw(transport))
    return 'Packets are seen with raw transports alone';
  return undefined;
}

function plainPattern(
  scope: ScriptScope,
  actor: Actor,
  written: ScriptExpect,
  path: Path,
  name: string,
): Pattern | undefined {
  const { bytes, exact, until, length, end, packet } = written;
  if (bytes !== undefined)
    return isDatagram(scope.transport)
      ? { kind: 'datagram', min: bytes, max: bytes }
      : { kind: 'bytes', count: bytes };
  if (exact !== undefined) return payloadPattern(scope, actor, 'exact', exact, path, name);
  if (until !== undefined) return payloadPattern(scope, actor, 'until', until, path, name);
  if (length !== undefined) return datagramPattern(scope, length, [...path, 'length']);
  if (packet !== undefined) {
    const flags =
      packet.flags === undefined
        ? null
        : resolveFlags(scope.context, packet.flags, [...path, 'packet', 'flags']);
    if (flags === undefined) return undefined;
    return {
      kind: 'packet',
      flags,
      minLength: packet.minLength ?? 0,
      protocol: packet.protocol ?? null,
    };
  }
  return { kind: end === undefined ? 'reset' : 'end' };
}

function payloadPattern(
  { context }: ScriptScope,
  { variables }: Actor,
  kind: 'exact' | 'until',
  written: NonNullable<ScriptExpect['exact']>,
  path: Path,
  name: string,
): Pattern | undefined {
  const at = [...path, kind];
  const sized = resolvePayload(context, written, at, name, variables);
  if (sized === undefined) return undefined;
  if (sized.size > 0 || !sized.exact) return { kind, payload: sized.payload };
  context.report('S151', at, 'No bytes are there at once: nothing is waited for');
  return undefined;
}

function datagramPattern(
  { context }: ScriptScope,
  length: number | readonly number[],
  path: Path,
): Pattern | undefined {
  const [min = 0, max = min] = typeof length === 'number' ? [length] : length;
  if (min <= max) return { kind: 'datagram', min, max };
  context.report('S151', path, `Expected the smaller length first, found ${min} before ${max}`, {
    help: `Write [${max}, ${min}]`,
  });
  return undefined;
}
