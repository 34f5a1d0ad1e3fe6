// What this kernel can do, found out by doing it in namespaces that are gone at once.
import { hasPrivileges } from '../machine/privileges.ts';
import { explainRefusal } from '../machine/refusal.ts';
import { attemptInLab } from './attempt.ts';
import type { Check } from './check.ts';

interface Feature {
  readonly name: string;
  readonly argv: readonly string[];
  readonly input?: string;
  readonly needed: Check['needed'];
  readonly help: string;
}

const OWN_SWITCH = 'Nothing to do: runner impairs with its own switch instead';

const FEATURES: readonly Feature[] = [
  {
    name: 'veth pairs',
    argv: ['ip', 'link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right'],
    needed: 'always',
    help: 'Run "sudo modprobe veth"',
  },
  {
    name: 'bridges',
    argv: ['ip', 'link', 'add', 'bridge0', 'type', 'bridge'],
    needed: 'when a network has three or more members',
    help: 'Run "sudo modprobe bridge"',
  },
  {
    name: 'netem',
    argv: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'],
    needed: 'when the kernel impairs links',
    help: OWN_SWITCH,
  },
  {
    name: 'tbf',
    argv: [
      'tc',
      'qdisc',
      'add',
      'dev',
      'lo',
      'root',
      'tbf',
      'rate',
      '1mbit',
      'burst',
      '10kb',
      'limit',
      '10kb',
    ],
    needed: 'when the kernel impairs links',
    help: OWN_SWITCH,
  },
  {
    name: 'ifb devices',
    argv: ['ip', 'link', 'add', 'ifb7', 'type', 'ifb'],
    needed: 'when the kernel impairs links',
    help: OWN_SWITCH,
  },
  {
    name: 'nftables masquerading',
    argv: ['nft', '-f', '-'],
    input:
      'add table inet t\nadd chain inet t c { type nat hook postrouting priority srcnat; }\nadd rule inet t c masquerade\n',
    needed: 'when there are NAT, an uplink or tunnels',
    help: 'Run "sudo modprobe -a nft_masq nft_chain_nat"',
  },
  {
    name: 'routing by marks',
    argv: ['ip', 'rule', 'add', 'fwmark', '1', 'lookup', '100'],
    needed: 'when rules name marks, or tunnels go over others',
    help: 'The kernel wants CONFIG_IP_MULTIPLE_TABLES',
  },
  {
    name: 'nftables marks',
    argv: ['nft', '-f', '-'],
    input:
      'add table inet t\nadd chain inet t c { type route hook output priority mangle; }\nadd rule inet t c meta mark 1 meta mark set 2\n',
    needed: 'when tunnels go over others',
    help: 'Run "sudo modprobe nf_tables"',
  },
  {
    name: 'NFQUEUE',
    argv: ['iptables', '-A', 'FORWARD', '-j', 'NFQUEUE', '--queue-num', '0'],
    needed: 'when a censored host has NAT or policy routing',
    help: 'Run "sudo modprobe xt_NFQUEUE"',
  },
];

/** First whether a lab's namespaces can be made at all; then, if so, each feature. */
export async function checkKernel(): Promise<Check[]> {
  const { ok, said } = await attemptInLab(['true']);
  const mode = hasPrivileges() ? 'as root' : 'as an ordinary user';
  const name = `namespaces ${mode}`;
  if (!ok) {
    const { message, help } = explainRefusal(said, hasPrivileges());
    return [{ name, ok, needed: 'always', found: message, ...(help !== undefined && { help }) }];
  }
  const features = await Promise.all(FEATURES.map(checkFeature));
  return [{ name, ok, needed: 'always', found: 'can be made' }, ...features];
}

async function checkFeature({ name, argv, input, needed, help }: Feature): Promise<Check> {
  const { ok, said } = await attemptInLab(argv, input);
  return ok
    ? { name, ok, needed, found: 'works' }
    : { name, ok, needed, found: said.split('\n')[0] ?? '', help };
}
