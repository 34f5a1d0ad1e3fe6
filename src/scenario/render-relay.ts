// A relay as lines of `runner plan`: where it listens and what it dials, its rules, its faults, and what switches them.
import { canonicalJson } from '../base/canonical-json.ts';
import { formatBytes, formatMillis, formatRate } from '../base/units.ts';
import { RELAY_LIMITS } from '../model/relay-defaults.ts';
import type { FuzzSpec, RelayFault, RelayLimits, RelayRule } from '../model/relay.ts';
import { describeAddress } from '../model/stream-address.ts';
import type { PlanProxy } from '../model/plan.ts';
import type { ProxyControl } from '../model/traffic.ts';
import { percent } from './render-match.ts';
import { renderOperation } from './render-operation.ts';
import { renderRelayMatch } from './render-relay-match.ts';
import { counted } from './text.ts';

export function renderProxy({ name, on, relay, divert }: PlanProxy): string[] {
  const target = relay.target === 'original' ? 'where clients go' : describeAddress(relay.target);
  const how = relay.transparent ? 'TPROXY' : 'REDIRECT';
  return [
    [
      `${name} on ${on}`,
      `relay ${describeAddress(relay.listen)} -> ${target}`,
      relay.protocol.protocol,
      `order ${relay.ordering}`,
      ...(relay.workers === 0 ? [] : [counted(relay.workers, 'worker')]),
      `on a framing fault ${relay.onFramingFault}`,
    ].join('  '),
    ...(divert.length === 0
      ? []
      : [`  diverts ${relay.listen.kind} ${divert.join(', ')} by ${how}`]),
    ...renderLimits(relay.limits),
    ...relay.rules.map(renderRule),
    ...relay.faults.map(renderFault),
    ...renderFuzz(relay.fuzz),
    ...(relay.control === null ? [] : [`  controlled at ${describeAddress(relay.control)}`]),
  ];
}

export function renderProxyControl({ name, proxy, at, after, do: change }: ProxyControl): string[] {
  const what = change.kind === 'proxy' ? proxy : `${change.kind} ${change.name} of ${proxy}`;
  return [
    [
      name,
      `${change.enabled ? 'enable' : 'disable'} ${what}`,
      ...(at === 0 ? [] : [`at ${formatMillis(at)}`]),
      ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
    ].join('  '),
  ];
}

function renderRule({ name, at, match, do: operations, fixup, unsafe }: RelayRule): string {
  const fixed = fixup.length === 0 ? 'nothing put right' : `${fixup.join(' and ')} put right`;
  const edits = operations.some((operation) => 'path' in operation);
  return [
    `  ${name}: ${at} ${renderRelayMatch(match)}`,
    ` -> ${operations.map(renderOperation).join(' + ')}`,
    ...(edits ? [`, ${fixed}`] : []),
    ...(unsafe ? [', unsafe'] : []),
  ].join('');
}

/** Nothing where all is as usual. */
function renderLimits(limits: RelayLimits): string[] {
  if (canonicalJson(limits) === canonicalJson(RELAY_LIMITS)) return [];
  const { sessions, seats, bytes, dialTimeout, processTimeout, idleTimeout } = limits;
  const idle = idleTimeout === 0 ? 'never idle' : `idle after ${formatMillis(idleTimeout)}`;
  return [
    `  at most ${counted(sessions, 'session')}, ${counted(seats, 'message')} and ${formatBytes(bytes)} waiting each way, dials for ${formatMillis(dialTimeout)}, edits for ${formatMillis(processTimeout)}, ${idle}`,
  ];
}

function renderFault(fault: RelayFault): string {
  return [
    `  fault ${fault.name}: ${fault.direction} ${faultWords(fault)}`,
    ...(fault.probability === 1 ? [] : [`of sessions ${percent(fault.probability)}`]),
    ...(fault.enabled ? [] : ['off at first']),
  ].join(', ');
}

function faultWords(fault: RelayFault): string {
  switch (fault.kind) {
    case 'latency':
      return `latency ${formatMillis(fault.latency)}${fault.jitter === 0 ? '' : ` ± ${formatMillis(fault.jitter)}`}`;
    case 'bandwidth':
      return `bandwidth ${formatRate(fault.rate)}`;
    case 'slow-close':
      return `closes ${formatMillis(fault.delay)} later`;
    case 'timeout':
      return fault.after === 0
        ? 'nothing passes'
        : `nothing passes, ends after ${formatMillis(fault.after)}`;
    case 'reset-peer':
      return `RST after ${formatMillis(fault.after)}`;
    case 'slicer':
      return `pieces of ${formatBytes(fault.size)}${fault.variation === 0 ? '' : ` ± ${formatBytes(fault.variation)}`}${fault.gap === 0 ? '' : ` every ${formatMillis(fault.gap)}`}`;
    case 'limit-data':
      return `ends after ${formatBytes(fault.bytes)}`;
  }
}

function renderFuzz(fuzz: FuzzSpec | null): string[] {
  if (fuzz === null) return [];
  const { at, messages, rate, edits, count, answerTimeout, only } = fuzz;
  const patience = `answers within ${formatMillis(answerTimeout)}`;
  if (only.length > 0)
    return only.map((mutation) =>
      [
        `  fuzz ${mutation.at} ${mutation.type} no. ${mutation.nth}: ${mutation.edits.map(renderOperation).join(' + ')}`,
        patience,
      ].join(', '),
    );
  return [
    [
      `  fuzz ${at.join(' ')} ${messages.length === 0 ? 'every message' : messages.join('|')}`,
      `at most ${counted(edits, 'edit')} each`,
      ...(rate === 1 ? [] : [`of them ${percent(rate)}`]),
      ...(count === 0 ? [] : [`${counted(count, 'mutation')} in all`]),
      patience,
    ].join(', '),
  ];
}
