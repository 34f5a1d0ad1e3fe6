import { Fault } from '../../base/fault.ts';
import type { RelaySpec } from '../../model/relay.ts';
import type { Protocol } from '../../wire/protocol/contract.ts';
import type { Relay } from './relay-port.ts';
import { RelaySession } from './session.ts';
import { createShared } from './shared.ts';

/** `protocol` is the compiled one of `spec`; whatever is drawn, `seed` decides. */
export function createRelay(spec: RelaySpec, protocol: Protocol, seed: number): Relay {
  const shared = createShared(spec, protocol, seed);
  const open = new Set<RelaySession>();
  return {
    open: (number, port, now) => {
      const session: RelaySession = new RelaySession(
        number,
        shared,
        port,
        () => open.delete(session),
        now,
      );
      open.add(session);
      return session;
    },
    setFaults: (faults, now) => {
      const names = faults.map(({ name }) => name);
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) throw new Fault('usage', `Two faults have the name "${twice}"`);
      shared.faults = faults;
      for (const session of [...open]) session.changeFaults(now);
    },
    setRule: (name, isEnabled) => {
      const rule = shared.rules.find((compiled) => compiled.rule.name === name);
      if (rule === undefined) throw new Fault('usage', `The relay has no rule "${name}"`);
      rule.isEnabled = isEnabled;
      shared.hooks[rule.rule.at].refresh();
    },
    statistics: () => shared.tally.snapshot(),
  };
}
