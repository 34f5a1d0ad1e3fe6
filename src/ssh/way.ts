// The way to a machine: its jump hosts, then itself.
import { Fault } from '../base/fault.ts';
import { describeHop } from '../model/machine.ts';
import type { SshDestination, SshHop } from '../model/machine.ts';
import { resolveHop } from './hop.ts';
import type { Hop, HopContext } from './hop.ts';

/** More are a loop that no name gives away. */
const MOST_HOPS = 16;

/**
 * All hops in the order in which they are dialled, the machine itself last. Identities and known hosts of the scenario hold
 * for the jump hosts as well, before what ssh_config(5) says about them; for the machine itself they take its place. Throws
 * a machine fault for what cannot be followed.
 */
export function resolveWay(destination: SshDestination, context: HopContext): readonly Hop[] {
  const { identities, knownHosts } = destination;
  const target = resolveHop(destination, { identities, knownHosts, replace: true }, context);
  const hops: Hop[] = [];
  const seen = new Set<string>();
  const add = (hop: Hop, jumps: readonly SshHop[] | null): void => {
    const name = describeHop(hop);
    if (seen.has(name) || seen.size >= MOST_HOPS)
      throw new Fault(
        'machine',
        `The way to "${destination.host}" comes to "${name}" again: its jump hosts form a loop`,
        {
          help: 'Look at ProxyJump in the ssh configuration, or name the jump hosts in the scenario',
        },
      );
    seen.add(name);
    if (jumps === null && hop.proxyCommand !== null) throw refuseProxyCommand(hop);
    const [nearest, ...others] = jumps ?? hop.jumps;
    const jumpHop = (jump: SshHop): Hop =>
      resolveHop(jump, { identities, knownHosts, replace: false }, context);
    if (nearest !== undefined) {
      const first = jumpHop(nearest);
      // A "Host *" block gives the jump host itself as its own jump host; ssh passes over that, too.
      if (describeHop(first) !== name) {
        add(first, null);
        for (const jump of others) add(jumpHop(jump), []);
      }
    }
    hops.push(hop);
  };
  add(target, destination.jumps);
  return hops;
}

const refuseProxyCommand = ({ alias, proxyCommand }: Hop): Fault =>
  new Fault(
    'machine',
    `The ssh configuration reaches "${alias}" by a program (ProxyCommand ${proxyCommand ?? ''}), which runner does not run`,
    {
      help: 'Name the machine in between: "jump: [user@]host[:port]" in the scenario, or ProxyJump in the configuration',
    },
  );
