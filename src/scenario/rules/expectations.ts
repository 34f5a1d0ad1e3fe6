import type { Expectation as Written } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';
import { checkContainer } from './container-expectation.ts';
import { checkFailure } from './failure-strings.ts';
import { checkMirror, checkMirrorMetric } from './mirror-expectation.ts';
import { checkProxy } from './proxy-expectation.ts';
import { checkTunnel } from './tunnel-expectation.ts';
import { checkVerdictWords } from './verdict-words.ts';

/** Which keys go with which kind of expectation. */
const KEYS = {
  flow: [
    ...['failure', 'cause', 'by', 'stage', 'outcome', 'signature', 'signal'],
    ...['duration', 'goodput', 'answers', 'status', 'exitCode', 'hop', 'count', 'pathChanges'],
  ],
  container: ['state', 'exitCode', 'oomKilled'],
  capture: ['filter', 'count'],
  proxy: ['rule', 'count', 'sessions', 'messages', 'bytes', 'framingFaults', 'fuzzed', 'finding'],
  tunnel: [
    ...['handshake', 'leaked', 'minShare', 'maxShare', 'shareWithin'],
    ...['silences', 'switches', 'switchTime'],
  ],
  mirror: [
    ...['sessions', 'refused', 'whole', 'copied', 'short', 'leaked', 'ending', 'count'],
    ...['pairs', 'different', 'missing', 'doctor'],
  ],
  metric: ['of', 'ratioTo', 'within'],
} as const;

const KINDS = ['flow', 'container', 'capture', 'proxy', 'tunnel', 'mirror', 'metric'] as const;

/** Keys that say something only of some kinds of probe. */
const PROBES: Readonly<Record<string, readonly string[]>> = {
  answers: ['dns', 'traceroute'],
  status: ['http', 'https', 'tls', 'quic', 'visit'],
  hop: ['traceroute'],
  pathChanges: ['quic'],
  exitCode: ['run'],
  count: ['visit'],
};

/** Expectations are of flows and captures that there are, and of what these can show. */
export const expectations: Rule = (context, { captures, flows, proxies, ...resolved }) => {
  const byName = new Map(flows.map((item) => [item.flow.name, item]));
  const mirrors = resolved.mirrors.map(({ mirror }) => mirror);
  const captured = captures.map(({ capture }) => capture);
  const taken = new Set([
    ...captured.map(({ node }) => node),
    ...captured.map(({ node, network }) => `${node}.${network}`),
  ]);
  for (const [index, written] of (context.scenario.expect ?? []).entries()) {
    const path = ['expect', index];
    const kind = KINDS.find((key) => written[key] !== undefined) ?? 'metric';
    checkKeys(context, written, kind, path);
    if (written.flow !== undefined) {
      checkFlow(context, written.flow, [...path, 'flow'], byName);
      checkFit(context, written, byName.get(written.flow), path);
      checkFailure(context, written.failure, [...path, 'failure']);
      checkVerdictWords(context, written, path);
    } else
      for (const key of ['of', 'ratioTo'] as const)
        if (written[key] !== undefined && isOfServers(written.metric))
          checkMirrorMetric(context, written[key], mirrors, [...path, key]);
        else if (written[key] !== undefined)
          checkFlow(context, written[key], [...path, key], byName);
    if (written.container !== undefined) checkContainer(context, written, path);
    checkProxy(context, written, proxies, path);
    checkTunnel(context, written, resolved, path);
    checkMirror(context, written, mirrors, path);
    if (written.capture !== undefined && !taken.has(written.capture) && !context.partial)
      context.report('S112', [...path, 'capture'], `No capture of "${written.capture}" is taken`, {
        help:
          context.suggest(written.capture, taken) ??
          `Add it: captures: [${written.capture.split('.')[0] ?? ''}]`,
      });
  }
};

function checkKeys(context: Context, written: Written, kind: keyof typeof KEYS, path: Path): void {
  const own: readonly string[] = KEYS[kind];
  for (const key of new Set(KINDS.flatMap((other) => KEYS[other])))
    if (written[key] !== undefined && !own.includes(key))
      context.report('S098', [...path, key], `The key "${key}" does not go with "${kind}"`, {
        key: true,
        help: `With "${kind}" go: ${own.join(', ')}`,
      });
  if (!own.some((key) => key in written) && !context.partial) {
    if (kind === 'flow')
      context.report('S110', path, 'The expectation says nothing of the flow', {
        help: 'Add "failure: null" for success',
      });
    if (kind === 'proxy')
      context.report('S110', path, 'The expectation says nothing of the proxy', {
        help: 'Add "rule" with its "count", "sessions", "messages" or "bytes"',
      });
    if (kind === 'tunnel')
      context.report('S110', path, 'The expectation says nothing of the tunnel', {
        help: 'Add "handshake: true" or "leaked: 0"',
      });
    if (kind === 'mirror')
      context.report('S110', path, 'The expectation says nothing of the mirror', {
        help: 'Add "short: 0" or "leaked: 0"',
      });
    if (kind === 'container')
      context.report('S110', path, 'The expectation says nothing of the container', {
        help: 'Add "state: running", "exitCode: 0" or "oomKilled: false"',
      });
  }
  if (kind === 'metric' && !context.partial)
    for (const key of ['of', 'within'] as const)
      if (written[key] === undefined)
        context.report('S043', path, `Missing key "${key}"`, {
          help: 'Write { metric: rtt.p50, of: allowed, within: "50ms ± 2ms" }',
        });
}

/** Of the servers of a mirror. */
const isOfServers = (metric: Written['metric']): boolean =>
  metric !== undefined && (metric.startsWith('online') || metric.startsWith('target'));

function checkFlow(
  context: Context,
  name: string,
  path: Path,
  byName: ReadonlyMap<string, ResolvedFlow>,
): void {
  const found = byName.get(name);
  if (found?.flow.probe.kind === 'run' && found.flow.probe.background)
    context.report(
      'S114',
      path,
      `The flow "${name}" runs in the background: how it ends is not observed`,
    );
  if (found !== undefined) return;
  if (context.off.flows.has(name))
    context.report('S110', path, `The flow "${name}" is switched off by its "when"`, {
      help: 'Give this expectation the same "when"',
    });
  else if (
    context.scenario.traffic?.some((entry) => entry.name === name && entry.serve !== undefined)
  )
    context.report('S110', path, `"${name}" is a service, not a flow`, {
      help: 'Name the probe or program that uses it',
    });
  else if (!context.written.flows.has(name))
    context.report('S110', path, `There is no flow "${name}"`, {
      help:
        context.suggest(name, context.written.flows) ?? 'Name a probe or program of the traffic',
    });
}

function checkFit(
  context: Context,
  written: Written,
  found: ResolvedFlow | undefined,
  path: Path,
): void {
  if (found === undefined) return;
  const { name, probe } = found.flow;
  for (const [key, kinds] of Object.entries(PROBES))
    if (key in written && !kinds.includes(probe.kind))
      context.report(
        'S114',
        [...path, key],
        `The flow "${name}" is of kind "${probe.kind}" and has no "${key}"`,
        {
          key: true,
        },
      );
  if (written.by !== undefined && written.cause === null)
    context.report('S114', [...path, 'by'], 'Where nothing interferes, nobody does it', {
      key: true,
      help: 'Remove "by" or "cause: null"',
    });
}
