// What a step is, by its keys, and whether these go together.
import type { ScriptAction } from '../../../model/scenario-file.ts';
import { isRaw } from '../../../model/script-transport.ts';
import type { Path } from '../../source/tree.ts';
import { listed } from '../../text.ts';
import { CRAFT_KEYS } from './craft.ts';
import { IP_KEYS } from './ip-fields.ts';
import type { ScriptScope } from './scope.ts';

export type StepKind = 'send' | 'stack' | 'expect' | 'close' | 'wait' | 'set' | 'if' | 'repeat';
type Key = keyof ScriptAction;

const TIMING: readonly Key[] = ['after', 'at', 'within'];
const SENDING: readonly Key[] = [
  'send',
  'segments',
  'flush',
  'protocol',
  'ack',
  'retransmit',
  ...CRAFT_KEYS,
];

/** The keys that may stand beside the one that makes a step what it is. */
const BESIDE: Readonly<Record<StepKind, readonly Key[]>> = {
  send: [...SENDING, 'to', ...TIMING],
  stack: ['ack', 'retransmit', 'to', 'after', 'at'],
  expect: ['as', 'to', ...TIMING],
  close: ['to', ...TIMING],
  wait: ['at'],
  set: ['after', 'at'],
  if: ['then', 'else', 'after', 'at'],
  repeat: TIMING,
};

const MAIN = ['send', 'expect', 'close', 'wait', 'set', 'if', 'repeat'] as const;

/** Undefined, with a report, when it is nothing or several things. */
export function stepKind(
  scope: ScriptScope,
  action: ScriptAction,
  path: Path,
): StepKind | undefined {
  const { context, transport } = scope;
  const main = MAIN.filter((key) => action[key] !== undefined);
  if (main.length > 1) {
    context.report('S151', path, `Expected a step to be one thing, found ${listed(main, 'and')}`, {
      key: true,
      help: 'Write one step for each, in their order',
    });
    return undefined;
  }
  const kind = main[0] ?? implied(action);
  if (kind === undefined) {
    context.report('S151', path, 'The step does nothing', {
      key: true,
      help: `Expected one of ${listed(MAIN)}, or fields of a segment such as "flags"`,
    });
    return undefined;
  }
  const stray = keysOf(action).find((key) => key !== kind && !BESIDE[kind].includes(key));
  if (stray !== undefined) {
    context.report('S151', [...path, stray], `The key "${stray}" does not go with "${kind}"`, {
      key: true,
    });
    return undefined;
  }
  const foreign = keysOf(action).find((key) => !allows(transport, key, action));
  if (foreign !== undefined) {
    if (scope.isGuess) return undefined;
    context.report(
      'S157',
      [...path, foreign],
      `The key "${foreign}" does not go with the transport "${transport}"`,
      { key: true, help: foreignHelp(foreign, transport) },
    );
    return undefined;
  }
  return kind;
}

/** Of steps without a main key. */
function implied(action: ScriptAction): StepKind | undefined {
  if (CRAFT_KEYS.some((key) => action[key] !== undefined)) return 'send';
  return action.ack !== undefined || action.retransmit !== undefined ? 'stack' : undefined;
}

const isOneOf = (keys: readonly Key[], key: Key): boolean => keys.includes(key);

function allows(transport: ScriptScope['transport'], key: Key, action: ScriptAction): boolean {
  if (key === 'protocol') return transport === 'raw-ip';
  if (isOneOf(IP_KEYS, key) || key === 'arrives') return isRaw(transport);
  if (isOneOf(CRAFT_KEYS, key) || key === 'ack' || key === 'retransmit')
    return transport === 'raw-tcp';
  // A segment that is crafted is one segment.
  if (key === 'segments' || key === 'flush')
    return !(transport === 'raw-tcp' && CRAFT_KEYS.some((field) => action[field] !== undefined));
  return true;
}

const foreignHelp = (key: Key, transport: string): string =>
  key === 'segments' || key === 'flush'
    ? 'A crafted segment is a segment of its own: leave it out'
    : key === 'protocol'
      ? 'Write "transport: raw-ip" for packets of any protocol'
      : transport.startsWith('raw-')
        ? 'Write "transport: raw-tcp" for segments of your own'
        : `The kernel makes the packets of "${transport}": write "transport: ${transport === 'udp' ? 'raw-udp' : 'raw-tcp'}" to make them yourself`;

const KEYS: readonly Key[] = [...new Set<Key>([...Object.values(BESIDE).flat(), ...MAIN])];
const keysOf = (action: ScriptAction): readonly Key[] =>
  KEYS.filter((key) => action[key] !== undefined);
