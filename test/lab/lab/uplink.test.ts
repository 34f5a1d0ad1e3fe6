import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { enterArgv } from '../../../src/lab/enter.ts';
import type { LiveLab } from '../../../src/lab/list.ts';
import { listProcesses } from '../../../src/lab/machine/processes.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { newId, processesOf, recordOf, startTestLab, waitFor } from './labs.ts';
import { starPlan, toSteps, withFolder } from './plans.ts';

/** A star whose hosts may leave by the last address of their network. */
function openPlan(): Plan {
  const plan = starPlan(2);
  const defaults = ['h0', 'h1'].map(
    (node) =>
      ({
        kind: 'route',
        node,
        route: {
          to: '0.0.0.0/0',
          via: '10.77.255.254',
          interface: `${node}-star`,
          table: 'main',
          kind: 'unicast',
        },
      }) as const,
  );
  return {
    ...plan,
    networks: [
      {
        name: 'star',
        kind: 'bridge',
        subnets: ['10.77.0.0/16', 'fd77::/64'],
        mtu: 1500,
        isolated: false,
        uplink: true,
        gateway: ['10.77.255.254/16', 'fd77::ffff:ffff:ffff:fffe/64'],
        members: [],
      },
    ],
    steps: toSteps([
      ...plan.steps.map((step) => step.do),
      ...defaults,
      { kind: 'uplink', network: 'star' },
    ]),
  };
}

const outside = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

/** What a node gets from a URL, without holding this process up: it is the server. */
async function fetchIn(record: LiveLab, node: string, url: string): Promise<string> {
  const script = `fetch(process.argv[1], { signal: AbortSignal.timeout(3000) })
    .then((response) => response.text()).then(console.log, () => console.log('failed'))`;
  const argv = enterArgv(record, node, [process.execPath, '-e', script, url]);
  const { stdout } = await promisify(execFile)(argv[0] ?? '', argv.slice(1));
  return stdout.trim();
}

const uplinksOf = (): number[] =>
  listProcesses()
    .filter(({ name }) => name === 'slirp4netns')
    .map(({ pid }) => pid);

function canOpenTun(): boolean {
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

describe('an uplink', function () {
  this.timeout(30_000);
  // Which of the two can be seen is the machine's choice.
  if (canOpenTun())
    it('leads out of the lab, not to the loopback of the machine, and ends with the lab', leadsOut);
  else it('is refused with what mends it where /dev/net/tun may not be opened', isRefused);
});

async function leadsOut(): Promise<void> {
  const address = outside();
  expect(address, 'this machine has an address of its own to reach').to.be.a('string');
  const server = createServer((_, response) => response.end('outside'));
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const before = uplinksOf();
  const lab = await startTestLab(newId());
  try {
    await withFolder(async (directory) => {
      await lab.call('build', { plan: openPlan(), directory }, 20_000);
      const record = recordOf(lab.id);
      expect(await fetchIn(record, 'h1', `http://${address ?? ''}:${port}/`)).to.equal('outside');
      expect(await fetchIn(record, 'h1', `http://198.18.0.2:${port}/`)).to.equal('failed');
      // Its own nodes reach each other as without it.
      const [program = '', ...rest] = enterArgv(record, 'h1', ['ping', '-c', '1', '10.77.0.1']);
      expect((await promisify(execFile)(program, rest)).stdout).to.include(' 0% packet loss');
    });
  } finally {
    await lab.close();
    server.close();
  }
  expect(processesOf(lab.id)).to.deep.equal([]);
  await waitFor('the uplink to end', () => uplinksOf().every((pid) => before.includes(pid)));
}

async function isRefused(): Promise<void> {
  const lab = await startTestLab(newId());
  const fault = await withFolder((directory) =>
    lab.call('build', { plan: openPlan(), directory }, 20_000).catch((error: unknown) => error),
  );
  expect(fault).to.include({
    kind: 'machine',
    help: 'Run "sudo chmod 666 /dev/net/tun", or run runner with sudo',
  });
  await lab.close();
}
