import { parseIp } from '../../../base/addresses.ts';
import { invariant } from '../../../base/invariant.ts';
import type { Hop, HopAnswer } from '../../../model/observation.ts';
import type { TracePayload, TracerouteProbe } from '../../../model/probe.ts';
import { traceFailure } from '../../../traffic/trace-failure.ts';
import { TIMEOUT } from '../../../traffic/failure.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { listenIcmp } from './trace/icmp-listener.ts';
import { stepIcmp } from './trace/icmp-step.ts';
import type { TraceStep } from './trace/step.ts';
import { stepPayload, stepSyn } from './trace/tcp-step.ts';
import { stepUdp } from './trace/udp-step.ts';

const STEPS: Readonly<Record<TracePayload['kind'], TraceStep>> = {
  icmp: stepIcmp,
  udp: stepUdp,
  dns: stepUdp,
  tcp: stepSyn,
  tls: stepPayload,
  'dns-tcp': stepPayload,
};

/** Sends the payload with a rising TTL until something else than a router answers it. */
export async function probeTraceroute(
  probe: TracerouteProbe,
  measurement: Measurement,
): Promise<void> {
  measurement.operation = 'traceroute';
  const target = parseIp(probe.target.address);
  invariant(target.ok, 'Targets are addresses');
  const listener = listenIcmp(target.value.family, measurement);
  const goesOn = (): boolean => !measurement.isOver;
  const context = { probe, target: target.value, measurement, listener };
  const hops: Hop[] = [];
  measurement.findings.hops = hops;
  const step = STEPS[probe.payload.kind];
  for (let ttl = 1; ttl <= probe.maxTtl && goesOn(); ttl += 1) {
    const answers: HopAnswer[] = [];
    hops.push({ ttl, answers });
    for (let attempt = 0; attempt < probe.attempts && goesOn(); attempt += 1) {
      answers.push(...(await step(context, ttl)));
      listener.drain();
    }
    if (answers.length > 0) measurement.mark('response');
    const final = answers.find(({ kind }) => kind !== 'time-exceeded');
    if (!final) continue;
    listener.close();
    conclude(probe, { ttl, answers }, final, measurement);
    return;
  }
  listener.close();
  throw new ProbeFailure(TIMEOUT, `Nothing but routers answered up to TTL ${probe.maxTtl}`);
}

function conclude(
  { payload, target }: TracerouteProbe,
  { ttl, answers }: Hop,
  final: HopAnswer,
  measurement: Measurement,
): void {
  measurement.mark('done');
  const router = answers.find(({ kind }) => kind === 'time-exceeded');
  const said = final.detail === undefined ? final.kind : `${final.kind} (${final.detail})`;
  const doubt = router ? `, where ${router.address} says that the packet ended` : '';
  const detail = `${said} at TTL ${ttl}${doubt}`;
  const failure = traceFailure(payload.kind, final, target.address);
  if (failure !== null) {
    measurement.operation = 'read';
    throw new ProbeFailure(failure, detail);
  }
  if (router) measurement.findings.detail = detail;
}
