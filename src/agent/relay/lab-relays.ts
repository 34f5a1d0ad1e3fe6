// The relays of a lab, from the agent's main thread: each listens in the network of its node before traffic begins.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { PlanProxy } from '../../model/plan.ts';
import { auditFile } from '../../model/relay-record.ts';
import type { ProxyChange } from '../../model/traffic.ts';
import type { AgentContext } from '../context.ts';
import { LabSockets } from './lab-sockets.ts';
import { RelayReporter } from './relay-reporter.ts';
import { type RunningRelay, startRelay } from './running-relay.ts';

export interface LabRelays {
  /** Resolves when all accept. */
  start(): Promise<void>;
  /** Resolves when it is in force. */
  control(proxy: string, change: ProxyChange): Promise<void>;
  /** Ends all, once the last has told how it fared. */
  stop(): Promise<void>;
}

export function createLabRelays(context: AgentContext): LabRelays {
  const { plan, directory } = context;
  let sockets: LabSockets | null = null;
  const running = new Map<string, { relay: RunningRelay; reporter: RelayReporter }>();

  const begin = async (proxy: PlanProxy): Promise<void> => {
    const reporter = new RelayReporter(proxy, join(directory, 'logs'), (event) =>
      context.emit(event),
    );
    const relay = startRelay(
      {
        spec: (sockets ??= new LabSockets(directory)).place(proxy.relay),
        seed: plan.seed,
        audit: join(directory, auditFile(proxy)),
        namespaceFd: context.namespaceFd(proxy.on),
      },
      reporter,
    );
    running.set(proxy.name, { relay, reporter });
    const { listening, control } = await relay.ready;
    reporter.say(`listens on ${listening.join(' and ')}`);
    if (proxy.relay.faults.length > 0) reporter.faults(proxy.relay.faults);
    if (control !== null) reporter.say(`is controlled at ${control}`);
  };
  return {
    start: async () => {
      await Promise.all((plan.proxies ?? []).map(begin));
    },
    control: async (name, change) => {
      const found = running.get(name);
      if (!found) throw new Fault('run', `The lab has no proxy "${name}"`);
      await found.relay.change(change);
      found.reporter.say(describeChange(change));
    },
    stop: async () => {
      await Promise.all(
        [...running.values()].map(async ({ relay, reporter }) => {
          await relay.stop();
          await reporter.close();
        }),
      );
      running.clear();
      sockets?.close();
      sockets = null;
    },
  };
}

function describeChange(change: ProxyChange): string {
  const what = change.kind === 'proxy' ? 'the relay' : `${change.kind} ${change.name}`;
  return `${what} is ${change.enabled ? 'on' : 'off'}`;
}
