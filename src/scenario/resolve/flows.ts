// Entries that are no services → flows.
import type { Probe, Traffic } from '../../model/scenario-file.ts';
import type { Flow, ProbeSpec, Schedule, Service } from '../../model/traffic.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Lab } from './lab.ts';
import { resolveEnvironment } from './container/environment.ts';
import { resolvePace } from './pace.ts';
import { defaultPort, resolveProbe } from './probes.ts';
import { millis } from './quantity.ts';
import { leaveToServices } from './script/leave-to-services.ts';
import { type Ports, freePorts } from './script/ports.ts';
import { resolveReplay } from './script/replay.ts';
import { resolveScript } from './script/script.ts';
import { resolveTarget } from './targets.ts';
import type { Node } from './topology.ts';
import { resolveVisit, visitSchedule } from './visits.ts';

export interface ResolvedFlow {
  readonly path: Path;
  readonly flow: Flow;
}

const RUN_TIMEOUT = '60s';

export function resolveFlows(
  context: Context,
  lab: Lab,
  services: readonly Service[],
): readonly ResolvedFlow[] {
  const ports = freePorts(context.scenario.traffic ?? []);
  return (context.scenario.traffic ?? []).flatMap((entry, index): ResolvedFlow[] => {
    const isFlow = [entry.serve, entry.censor, entry.proxy, entry.tunnel].every(
      (one) => one === undefined,
    );
    if (!isFlow) return [];
    const path = ['traffic', index];
    const schedule = scheduleOf(context, entry, path);
    const found =
      entry.script === undefined && entry.replay === undefined
        ? soleFlow(context, lab, entry, path)
        : scriptFlow(context, lab, entry, path, ports, services);
    if (found === undefined) return [];
    const { name, barrier } = entry;
    const { probe } = found;
    const flow = {
      name,
      schedule: probe.kind === 'visit' ? visitSchedule(probe, schedule) : schedule,
      ...(barrier !== undefined && { barrier }),
      ...found,
    };
    return [{ path, flow }];
  });
}

type Start = Pick<Flow, 'from' | 'probe'>;

/** What one node starts by itself. */
function soleFlow(context: Context, lab: Lab, entry: Traffic, path: Path): Start | undefined {
  const from = startOf(context, lab, entry, path);
  const probe = soleSpec(context, lab, entry, from, path);
  return probe === undefined || from === undefined ? undefined : { from: from.name, probe };
}

function soleSpec(
  context: Context,
  lab: Lab,
  entry: Traffic,
  from: Node | undefined,
  path: Path,
): ProbeSpec | undefined {
  if (entry.visit !== undefined) return resolveVisit(context, entry.visit, [...path, 'visit']);
  return entry.probe === undefined
    ? runSpec(context, entry, [...path, 'run'])
    : probeSpec(context, lab, entry, entry.probe, from, path);
}

function scriptFlow(
  context: Context,
  lab: Lab,
  entry: Traffic,
  path: Path,
  ports: Ports,
  services: readonly Service[],
): Start | undefined {
  const probe =
    entry.replay === undefined
      ? resolveScript(context, lab, entry, path, ports)
      : resolveReplay(context, lab, entry, entry.replay, path, ports);
  const first = probe?.parties[0];
  return probe === undefined || first === undefined
    ? undefined
    : { from: first.node, probe: leaveToServices(probe, services) };
}

function startOf(context: Context, lab: Lab, entry: Traffic, path: Path): Node | undefined {
  const name = entry.from ?? entry.on;
  if (name !== undefined) return lab.topology.nodes.get(name);
  context.report('S097', path, `The flow "${entry.name}" starts on no host`, {
    help: 'Add "from" with the host that starts it',
  });
  return undefined;
}

function scheduleOf(context: Context, entry: Traffic, path: Path): Schedule {
  const limit = entry.for === undefined ? null : millis(entry.for);
  const pace = resolvePace(context, entry.every, [...path, 'every']);
  const times = pace?.kind === 'gaps' ? pace.gaps.length + 1 : 1;
  return {
    at: millis(entry.at ?? '0ms'),
    after: entry.after === undefined ? [] : [entry.after].flat(),
    repeat: entry.repeat ?? (limit === null ? times : 0),
    pace,
    for: limit,
    concurrency: entry.concurrency ?? 1,
  };
}

function runSpec(context: Context, entry: Traffic, path: Path): ProbeSpec | undefined {
  if (entry.run === undefined) return undefined;
  const run = Array.isArray(entry.run) ? { command: entry.run } : entry.run;
  return {
    kind: 'run',
    argv: run.command,
    environment: resolveEnvironment(context, run.environment, [...path, 'environment']),
    timeout: millis(entry.timeout ?? RUN_TIMEOUT),
    background: run.background ?? false,
  };
}

function probeSpec(
  context: Context,
  lab: Lab,
  entry: Traffic,
  probe: Probe,
  from: Node | undefined,
  path: Path,
): ProbeSpec | undefined {
  if (entry.to === undefined) {
    context.report('S097', path, `The probe "${entry.name}" goes nowhere`, {
      help: 'Add "to" with a host and a port such as "server:443"',
    });
    return undefined;
  }
  const target = resolveTarget(context, lab, {
    to: entry.to,
    from,
    family: entry.family,
    defaultPort: defaultPort(probe),
    path: [...path, 'to'],
  });
  return target && resolveProbe(probe, target, entry.timeout);
}
