// A party that does nothing, where a service of the scenario listens on its port, leaves its side to the service.
import type { Instruction, ScriptSpec } from '../../../model/script.ts';
import { servicePorts } from '../../../model/service-ports.ts';
import type { Service } from '../../../model/traffic.ts';

export function leaveToServices(script: ScriptSpec, services: readonly Service[]): ScriptSpec {
  const protocol = PROTOCOLS[script.transport];
  if (protocol === undefined) return script;
  const isServed = (node: string, port: number): boolean =>
    services.some(
      ({ on, serve }) =>
        on === node &&
        servicePorts(serve).some((own) => own.transport === protocol && own.port === port),
    );
  return {
    ...script,
    parties: script.parties.map((party) => {
      const ends = script.channels.filter(({ from, to }) => [from, to].includes(party.name));
      const isLeft =
        party.program.every(isAwaiting) &&
        ends.every(
          ({ to, destination }) => to === party.name && isServed(party.node, destination.port),
        );
      return isLeft ? { ...party, program: [] } : party;
    }),
  };
}

/** A raw party without steps is left to the kernel in any case. */
const PROTOCOLS: Partial<Record<ScriptSpec['transport'], 'tcp' | 'udp'>> = {
  tcp: 'tcp',
  tls: 'tcp',
  udp: 'udp',
};

const isAwaiting = ({ op }: Instruction): boolean => op === 'arrive';
