import { invariant } from '../../../base/invariant.ts';
import type { TcpOption } from '../../../model/scenario-file.ts';
import type { TcpOptionSpec } from '../../../model/script.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';

/** RFC 9293 section 3.1: the data offset has four bits, of words of 4 bytes, and 5 of them are the header. */
const ROOM = 40;

/** Undefined, with a report, when they do not fit a header. */
export function resolveOptions(
  context: Context,
  written: readonly TcpOption[],
  path: Path,
): readonly TcpOptionSpec[] | undefined {
  const options = written.map(optionOf);
  const odd = options.findIndex((option) => option.kind === 'raw' && option.number < 2);
  if (odd >= 0) {
    context.report('S157', [...path, odd], 'The options 0 and 1 have no content', {
      help: 'Write "end" or "nop"',
    });
    return undefined;
  }
  const length = options.reduce((sum, option) => sum + lengthOf(option), 0);
  if (length <= ROOM) return options;
  context.report('S157', path, `TCP options have room for 40 bytes, found ${length}`, {
    help: 'Leave some of them out',
  });
  return undefined;
}

function optionOf(written: TcpOption): TcpOptionSpec {
  if (typeof written === 'string') {
    switch (written) {
      case 'nop':
      case 'end':
        return { kind: written };
      case 'timestamps':
        return { kind: 'timestamps', value: null, echo: null };
      default:
        return { kind: 'sack-permitted' };
    }
  }
  const { mss, windowScale, sack, timestamps, md5, raw } = written;
  if (mss !== undefined) return { kind: 'mss', size: mss };
  if (windowScale !== undefined) return { kind: 'window-scale', shift: windowScale };
  if (sack !== undefined)
    return { kind: 'sack', blocks: sack.map(([left = 0, right = 0]) => [left, right] as const) };
  if (timestamps !== undefined)
    return {
      kind: 'timestamps',
      value: timestamps.value ?? null,
      echo: timestamps.echo ?? null,
    };
  if (md5 !== undefined)
    return { kind: 'md5', key: md5.key ?? null, digest: md5.digest?.toLowerCase() ?? null };
  invariant(raw !== undefined, 'The schema lets an option have one of these keys');
  return { kind: 'raw', number: raw.number, hex: (raw.hex ?? '').toLowerCase() };
}

/** Bytes in the header. */
function lengthOf(option: TcpOptionSpec): number {
  switch (option.kind) {
    case 'nop':
    case 'end':
      return 1;
    case 'sack-permitted':
      return 2;
    case 'window-scale':
      return 3;
    case 'mss':
      return 4;
    case 'timestamps':
      return 10;
    case 'md5':
      return 18;
    case 'sack':
      return 2 + 8 * option.blocks.length;
    case 'raw':
      return 2 + option.hex.length / 2;
  }
}
