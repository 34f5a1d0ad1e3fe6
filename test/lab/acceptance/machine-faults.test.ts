// What a machine may lack: the runner says so, with the command that mends it, and exits 3.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { asOrdinaryUser, copyCheckout } from './support/ordinary-user.ts';
import {
  CHECKOUT,
  type RunOptions,
  type RunResult,
  runRunner,
  said,
  scratch,
} from './support/runner.ts';

/** Runs a shell script as root of a user and mount namespace of its own; `exec "$@"` there starts the runner. */
const inThrowAwayMounts = (script: string, ...values: string[]): readonly string[] => [
  ...['unshare', '--user', '--map-root-user', '--mount', 'sh', '-euc'],
  `${values.map((_, index) => `v${index + 1}=$1; shift; `).join('')}${script}`,
  'sh',
  ...values,
];

/** Without capabilities, as an ordinary user is, in a user namespace that may hold no other. */
const NO_USER_NAMESPACES = inThrowAwayMounts(
  'echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$@"',
);
const NO_IPTABLES = (folder: string): readonly string[] =>
  inThrowAwayMounts(
    'mount --bind /usr/sbin "$v1"; mount -t tmpfs none /usr/sbin; ln -s "$v1"/* /usr/sbin; rm /usr/sbin/*tables*; exec "$@"',
    folder,
  );
const FULL_DISK = (out: string): readonly string[] =>
  inThrowAwayMounts('mount -t tmpfs -o size=16k none "$v1"; exec "$@"', out);
const READ_ONLY = (out: string): readonly string[] =>
  inThrowAwayMounts('mount -t tmpfs -o ro none "$v1"; exec "$@"', out);

const CENSOR = join(CHECKOUT, 'scenarios/censor.yaml');

/** Where addresses are rewritten the kernel forwards, and asks the censor by the NFQUEUE target of iptables. */
const CENSOR_BESIDE_NAT = `version: 1
name: nat
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { members: [client, middle] }
  outside: { members: [middle, server] }
nat: [{ on: middle, out: outside, masquerade: true }]
censor: { on: middle, rules: [{ name: all, match: { tcp.port: 443 }, action: drop }] }
traffic: [{ name: echo, on: server, serve: { echo: { tcp: 7 } } }]
`;

describe('a machine that lacks something', function () {
  this.timeout(60_000);
  const folder = scratch('machine-faults');
  const empty = (name: string): string => {
    const path = join(folder.path, name);
    mkdirSync(path, { mode: 0o777 });
    return path;
  };
  after(() => folder.remove());

  /** Exit code 3, what is missing, and a line that says how to mend it. */
  function expectMachineFault(result: RunResult, missing: RegExp, mend: RegExp): void {
    expect(result.code, said(result)).to.equal(3);
    expect(result.stderr + result.stdout).to.match(missing);
    expect(result.stderr + result.stdout).to.match(mend);
  }

  const applying = (file: string, out: string, options: RunOptions): Promise<RunResult> =>
    runRunner(['apply', file, '--out', out], options);

  it('apply says that user namespaces are not allowed', async () => {
    const user = asOrdinaryUser(empty('namespaces'));
    const through = [...(user.through ?? []), ...NO_USER_NAMESPACES];
    const result = await applying(CENSOR, join(folder.path, 'a'), { ...user, through });
    expectMachineFault(result, /user namespace/i, /sysctl/);
  });

  it('doctor says that user namespaces are not allowed', async () => {
    const through = NO_USER_NAMESPACES;
    expectMachineFault(await runRunner(['doctor'], { through }), /user namespace/i, /sysctl/);
  });

  it('apply says that iptables is missing where the plan needs it', async () => {
    const file = join(folder.path, 'nat.yaml');
    writeFileSync(file, CENSOR_BESIDE_NAT);
    const options = { through: NO_IPTABLES(empty('sbin-a')) };
    const result = await applying(file, join(folder.path, 'b'), options);
    expectMachineFault(result, /iptables/, /apt-get install .*iptables/);
  });

  it('doctor says that iptables is missing', async () => {
    const result = await runRunner(['doctor'], { through: NO_IPTABLES(empty('sbin-b')) });
    expectMachineFault(result, /iptables/, /apt-get install .*iptables/);
  });

  for (const verb of ['apply', 'doctor'])
    it(`${verb} says that libpcap is missing`, async () => {
      const checkout = copyCheckout(join(folder.path, `no-pcap-${verb}`));
      rmSync(join(checkout, 'node_modules/pcap/build'), { recursive: true });
      const file = verb === 'apply' ? [CENSOR, '--out', join(folder.path, 'c')] : [];
      const result = await runRunner([verb, ...file], { checkout });
      expectMachineFault(result, /libpcap/, /apt-get install .*libpcap|npm rebuild pcap/);
    });

  it('apply says that the disk is full', async () => {
    const out = empty('full');
    expectMachineFault(
      await applying(CENSOR, out, { through: FULL_DISK(out) }),
      /no space left/i,
      /--out/,
    );
  });

  it('apply says that the results folder is read-only', async () => {
    const out = empty('read-only');
    expectMachineFault(
      await applying(CENSOR, out, { through: READ_ONLY(out) }),
      /read-only/i,
      /--out/,
    );
  });

  it('apply says that the results folder is closed to the user', async () => {
    const user = asOrdinaryUser(empty('closed-user'));
    const closed = empty('closed');
    chmodSync(closed, 0o555);
    const result = await applying(CENSOR, join(closed, 'results'), user);
    expectMachineFault(result, /permission denied/i, /--out/);
  });
});
