// Which precondition of a mirror does not hold: facts of its nodes against what packet mode needs. The matrix of docs/mirror.md, as code.
import type { PlanMirror } from '../../model/mirror.ts';
import type { MirrorFacts, MirrorFinding } from '../../model/mirror-doctor.ts';

const STREAM = 'Or write "mode: stream", which needs no forged packets';

/** In the order in which they are to be mended; empty: it can copy. Stream mode needs the target's port and nothing else. */
export function findMirrorFaults(mirror: PlanMirror, facts: MirrorFacts): MirrorFinding[] {
  const checks =
    mirror.mode === 'stream' ? [port] : [port, route, forwarding, reversePath, nat, invalid];
  return checks.flatMap((check) => check(mirror, facts));
}

function port({ target }: PlanMirror, facts: MirrorFacts): MirrorFinding[] {
  const where = `port ${target.port} of "${target.node}"`;
  if (facts.port === 'closed')
    return [
      {
        code: 'port-closed',
        effect: 'fails',
        message: `Nothing listens on ${where}: it answers each copy by a reset`,
        help: `Start the service on "${target.node}" before the mirror, or correct "target"`,
      },
    ];
  if (facts.port !== 'silent') return [];
  return [
    {
      code: 'port-silent',
      effect: 'fails',
      message: `Nothing answers from ${where}`,
      help: `See whether "${target.node}" is up, and what its firewall and the routes to it say`,
    },
  ];
}

function route(mirror: PlanMirror, facts: MirrorFacts): MirrorFinding[] {
  const { target, assistant } = mirror;
  const way = wayBack(mirror);
  const range = clientsOf(mirror);
  switch (facts.route) {
    case 'none':
    case 'elsewhere':
      return [
        {
          code: facts.route === 'none' ? 'route-missing' : 'route-elsewhere',
          effect: 'leaks',
          message: `What "${target.node}" answers to ${range} does not go to "${assistant}" but to the clients, which reset the copies' connections`,
          help: way,
        },
      ];
    case 'blackhole':
      return [
        {
          code: 'route-blackhole',
          effect: 'fails',
          message: `What "${target.node}" answers to ${range} is dropped by its route before a capture sees it`,
          help: way,
        },
      ];
    case 'local':
      if (facts.neighbour !== false) return [];
      return [
        {
          code: 'neighbour-missing',
          effect: 'fails',
          message: `The next hop of "${target.node}" towards ${range} is nobody, and no neighbour is written down for it: nothing leaves`,
          help: way,
        },
      ];
    case 'assistant':
    case null:
      return [];
  }
}

function forwarding({ assistant, target }: PlanMirror, facts: MirrorFacts): MirrorFinding[] {
  if (facts.forwards !== true || assistant === target.node) return [];
  return [
    {
      code: 'assistant-forwards',
      effect: 'leaks',
      message: `"${assistant}" forwards what "${target.node}" answers on to the clients, which reset the copies' connections`,
      help: `On "${assistant}": sysctl -w net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0, or drop what comes from "${target.node}" before routing (nft hook prerouting; in the forward hook the kernel has already sent redirects). Containers inherit forwarding from their machine`,
    },
  ];
}

/** Strict filtering harms only where the way back to a packet's source is another interface than the one on which it came. */
function reversePath({ target }: PlanMirror, { reversePath: path }: MirrorFacts): MirrorFinding[] {
  if (path?.filter !== 1 || path.isSameInterface) return [];
  return [
    {
      code: 'reverse-path-filter',
      effect: 'fails',
      message: `"${target.node}" drops the copies: they come in on another interface than that by which it would answer (rp_filter is 1)`,
      help: `On "${target.node}": set rp_filter to 2 for "all" and for the interface on which copies come in`,
    },
  ];
}

function nat(mirror: PlanMirror, facts: MirrorFacts): MirrorFinding[] {
  const { target } = mirror;
  const found: MirrorFinding[] = [];
  if (facts.nat?.source === true)
    found.push({
      code: 'source-rewritten',
      effect: 'fails',
      message: `Copies get another source address on their way to "${target.node}", which then answers to that`,
      help: `Except packets to "${target.node}" from masquerading. ${STREAM}`,
    });
  // With bridge netfilter the machine's own rules turn the address of answers back, even of those that only cross its bridge.
  const isTurnedBack = facts.nat?.destination !== true || facts.bridgeNetfilter === true;
  if (isTurnedBack) return found;
  found.push(
    facts.bridgeNetfilter === false
      ? {
          code: 'bridge-netfilter-off',
          effect: 'fails',
          message: `Answers of "${target.node}" cross the bridge to the assistant without the machine's rules, and bear another address than copies are sent to`,
          help: `On the machine: modprobe br_netfilter; sysctl -w net.bridge.bridge-nf-call-iptables=1. Or write the address of "${target.node}" itself as "target", with a route to it. ${STREAM}`,
        }
      : {
          code: 'target-rewritten',
          effect: 'fails',
          message: `Copies get another destination address on their way to "${target.node}": its answers come from an address that no copy was sent to`,
          help: `Write the address of "${target.node}" itself as "target", with a route to it. ${STREAM}`,
        },
  );
  return found;
}

/** Of a copy such a rule sees one half alone, where answers go another way than copies come; NAT or not. */
function invalid({ target }: PlanMirror, { dropsInvalid }: MirrorFacts): MirrorFinding[] {
  if (dropsInvalid !== true) return [];
  return [
    {
      code: 'invalid-dropped',
      effect: 'fails',
      message: `A rule on the way drops packets whose connection it has seen only one half of, as copies are (ct state invalid)`,
      help: `Except packets to "${target.node}" from that rule, or from connection tracking (notrack). ${STREAM}`,
    },
  ];
}

const clientsOf = ({ mapped, clients }: PlanMirror): string => {
  const range = mapped.length > 0 ? mapped : clients;
  return range.length > 0 ? range.join(', ') : 'clients';
};

function wayBack(mirror: PlanMirror): string {
  const { target, assistant } = mirror;
  const range = clientsOf(mirror);
  return assistant === target.node
    ? `On "${target.node}": ip route add ${range} via an address that nobody has, and ip neigh add that address with any MAC, permanent`
    : `On "${target.node}": ip route add ${range} via the address of "${assistant}"`;
}
