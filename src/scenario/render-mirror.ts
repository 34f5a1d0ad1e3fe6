// A mirror for people: what `runner plan` says of it. Only what somebody asked for is said.
import { formatBytes, formatMillis } from '../base/units.ts';
import { MIRROR_LIMITS, MIRROR_TIMEOUTS } from '../model/mirror-defaults.ts';
import {
  ANSWERS_PORT,
  type MirrorCompare,
  type MirrorEnd,
  type MirrorLimits,
  type MirrorTimeouts,
  type PlanMirror,
} from '../model/mirror.ts';
import { counted } from './text.ts';

/** `index`: its place in the plan, after which the port of its answers is. */
export function renderMirror(mirror: PlanMirror, index: number): string[] {
  const { name, mode, protocol, online, target } = mirror;
  return [
    [name, mode, protocol, `${renderEnd(online)} -> ${renderEnd(target)}`].join('  '),
    ...places(mirror, index),
    renderCopies(mirror),
    ...renderSource(mirror),
    ...changed('timeouts', timeoutWords(mirror.timeouts)),
    ...changed('limits', limitWords(mirror.limits)),
    ...(mirror.compare === null ? [] : [renderCompare(mirror.compare)]),
    ...(mirror.hook?.passwords ?? []).map(
      ({ user, variable }) =>
        `PostgreSQL: ${user === '*' ? 'other users' : user} authenticated anew, password in ${variable}`,
    ),
  ].map((line, row) => (row === 0 ? line : `  ${line}`));
}

const renderEnd = ({ node, addresses, port }: MirrorEnd): string =>
  `${node} ${addresses.join(' ')} port ${port}`;

/** Where packets are captured, by which filters, and where the target's answers go. */
function places(
  { mode, protocol, online, target, assistant, clients }: PlanMirror,
  index: number,
): string[] {
  if (mode === 'stream')
    return [`${online.node} passes connections on, with one of its own to ${target.node} for each`];
  const from = target.addresses.map((address) => `src host ${address}`).join(' or ');
  const to = online.addresses.map((address) => `dst host ${address}`).join(' or ');
  const of = clients.length === 0 ? '' : ` of ${clients.join(' ')}`;
  const end = assistant === target.node ? `${assistant} itself, as they leave` : assistant;
  return [
    `clients${of} are captured at ${online.node}: ${protocol} and dst port ${online.port} and (${to})`,
    `answers are captured at ${end}: ${protocol} and src port ${target.port} and (${from})`,
    `and are told to ${online.node}, TCP port ${ANSWERS_PORT + index}`,
  ];
}

function renderCopies({ mapped, multiply, sample, ramp, fullSessions, order }: PlanMirror): string {
  const words = [
    sample === 1 ? 'every session' : `${Number((sample * 100).toPrecision(6))}% of the sessions`,
    ...(ramp === 0 ? [] : [`grown to within ${formatMillis(ramp)}`]),
    ...(multiply === 1 ? [] : [`${counted(multiply, 'time')} each`]),
    ...(mapped.length === 0 ? [] : [`from ${mapped.join(' ')}`]),
    ...(fullSessions ? ['those alone whose beginning was seen'] : []),
    ...(order === 'none' ? ['without waiting for answers'] : []),
  ];
  return `copies ${words.join(', ')}`;
}

const renderSource = ({ source }: PlanMirror): string[] =>
  source.kind === 'live'
    ? []
    : [
        `clients are those of ${source.file}${source.speed === 1 ? '' : `, ${source.speed} times as fast`}`,
      ];

const changed = (what: string, words: readonly string[]): string[] =>
  words.length === 0 ? [] : [`${what} ${words.join(', ')}`];

function timeoutWords(timeouts: MirrorTimeouts): string[] {
  const keys = ['establish', 'answer', 'stall', 'closing', 'idle', 'gap'] as const;
  return keys
    .filter((key) => timeouts[key] !== MIRROR_TIMEOUTS[key])
    .map((key) => `${key} ${formatMillis(timeouts[key])}`);
}

function limitWords(limits: MirrorLimits): string[] {
  const word = (key: keyof MirrorLimits, show: (value: number) => string): string[] =>
    limits[key] === MIRROR_LIMITS[key] ? [] : [`${key} ${show(limits[key])}`];
  return [
    ...word('sessions', String),
    ...word('sessionBytes', formatBytes),
    ...word('totalBytes', formatBytes),
    ...word('flight', formatBytes),
    ...word('mtu', String),
    ...word('reopens', String),
  ];
}

const renderCompare = ({ protocol, ignoreHeaders, limit }: MirrorCompare): string =>
  [
    `compares answers of ${protocol}`,
    ...(ignoreHeaders.length === 0 ? [] : [`without ${ignoreHeaders.join(' ')}`]),
    `lists ${limit} differences at most`,
  ].join(', ');
