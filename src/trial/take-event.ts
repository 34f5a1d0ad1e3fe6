import type { ArmNotes, ArmOptions } from './arm.ts';
import { type Cut, faultOf } from './cut.ts';
import { tellTraffic } from './tell-traffic.ts';
import type { AgentEvent } from '../model/rpc.ts';

/** Events that stay in memory for the analysis; events.ndjson has all. */
const MAX_EVENTS = 200_000;

/** What is done with what the agent tells unasked. */
export function takeEvent(
  event: AgentEvent,
  { log, progress }: Pick<ArmOptions, 'log' | 'progress'>,
  notes: ArmNotes,
  cut: Cut,
): void {
  // A program's output is in its log: it would only crowd out what happened on the network.
  if (event.kind === 'log') return;
  if (event.kind === 'progress') {
    notes.silence.broken();
    progress.update(event.text);
    return;
  }
  if (event.kind === 'statistics') {
    const { name, on, statistics, path } = event;
    notes.censors.set(name, { name, on, statistics, path });
    tellTraffic(progress, notes);
    return;
  }
  if (event.kind === 'proxy-statistics') {
    const { name, on, statistics } = event;
    notes.proxies.set(name, { name, on, statistics });
    return;
  }
  if (event.kind === 'tunnel-statistics') {
    const { name, implementation, version, handshakes, paths, switches, switched, leaked } = event;
    const fared = { handshakes, paths, switches, switched, leaked };
    notes.tunnels.set(name, { name, implementation, version, ...fared });
    return;
  }
  if (event.kind === 'mirror-statistics') {
    const { name, online, target, assistant, statistics, comparison } = event;
    notes.mirrors.set(name, { name, online, target, assistant, statistics, comparison });
    return;
  }
  log(event);
  if (notes.events.length < MAX_EVENTS) notes.events.push(event);
  if (event.kind === 'broken') cut.breakWith(faultOf(event.fault));
}
