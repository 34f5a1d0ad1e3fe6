import { setTimeout as wait } from 'node:timers/promises';
import { parseIp } from '../../../base/addresses.ts';
import { invariant } from '../../../base/invariant.ts';
import type { PingProbe } from '../../../model/probe.ts';
import { echoPayload } from '../../../traffic/echo.ts';
import { TIMEOUT } from '../../../traffic/failure.ts';
import { buildEcho } from '../../../traffic/icmp-error.ts';
import { nowMicros } from '../clock.ts';
import { ProbeFailure } from '../measurement.ts';
import type { Measurement } from '../measurement.ts';
import { listenIcmp } from './trace/icmp-listener.ts';

/** Milliseconds of the attempt's time that are left to judge what came. */
const MARGIN = 50;

/** Sends echo requests and awaits their replies: one reply is success. */
export async function probePing(probe: PingProbe, measurement: Measurement): Promise<void> {
  measurement.operation = 'ping';
  const { count, size, ttl, interval, timeout } = probe;
  const target = parseIp(probe.target.address);
  invariant(target.ok, 'Targets are addresses');
  const { family } = target.value;
  const id = Math.floor(Math.random() * 0x1_0000);
  const listener = listenIcmp(family, measurement);
  const sent: number[] = [];
  const rtts: (number | null)[] = [];
  measurement.findings.rtts = rtts;
  let refusal: string | undefined;
  const complete = new Promise<void>((resolve) => {
    listener.listen((answer, source, time) => {
      if (answer.kind === 'echo-reply') {
        if (answer.id !== id || rtts[answer.sequence] !== null) return;
        rtts[answer.sequence] = Math.max(0, time - (sent[answer.sequence] ?? time)) / 1000;
        measurement.received += answer.data.length;
        measurement.mark('response');
      } else if (answer.quoted.first === id && answer.quoted.destination === probe.target.address) {
        refusal ??= `${answer.detail === '' ? 'time exceeded' : answer.detail} at ${source}`;
      }
      if (rtts.length === count && !rtts.includes(null)) resolve();
    });
  });
  const payload = echoPayload(0, size);
  for (let sequence = 0; sequence < count; sequence += 1) {
    if (sequence > 0) await wait(interval);
    if (measurement.isOver) return;
    rtts.push(null);
    sent.push(nowMicros());
    listener.send(target.value, buildEcho(family, { id, sequence }, payload), ttl);
  }
  const rest = timeout - (count - 1) * interval - MARGIN;
  const ended = new AbortController();
  await Promise.race([complete, wait(Math.max(0, rest), null, { signal: ended.signal })]);
  ended.abort();
  listener.close();
  measurement.mark('done');
  const came = rtts.filter((rtt) => rtt !== null).length;
  if (came === 0)
    throw refusal === undefined
      ? new ProbeFailure(TIMEOUT, `None of ${count} requests was answered`)
      : new ProbeFailure('host_unreachable', refusal);
  if (came < count) measurement.findings.detail = `${count - came} of ${count} not answered`;
}
