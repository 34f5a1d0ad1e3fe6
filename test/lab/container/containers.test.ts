import { expect } from 'chai';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerSpec } from '../../../src/model/container.ts';
import type { Observation } from '../../../src/model/observation.ts';
import { recordOf, runIn, waitFor } from '../lab/labs.ts';
import {
  type ContainerLab,
  container,
  docker,
  host,
  makeImage,
  planOf,
  runFlow,
  withContainers,
} from './container-lab.ts';

const SECRET = 'hunter2-and-more';
const TOKEN = { secret: { env: 'TOKEN' } };

async function faultOf(work: Promise<unknown>): Promise<{ message: string; help?: string }> {
  try {
    await work;
  } catch (error) {
    return error as { message: string; help?: string };
  }
  throw new Error('It should have failed');
}

/** Prepares, builds and starts a lab of one container; gives the fault. */
async function startFault(change: Partial<ContainerSpec>): Promise<string> {
  let message = '';
  await withContainers(planOf([container('box', change)]), async (lab) => {
    const fault = await faultOf(upTo(lab));
    message = `${fault.message} | ${fault.help ?? ''}`;
  });
  return message;
}

async function upTo(lab: ContainerLab): Promise<void> {
  await lab.prepare({ 'env:TOKEN': SECRET });
  await lab.build();
  await lab.lab.call('startContainers', {}, 20_000);
}

describe('agent/container', function () {
  this.timeout(120_000);
  before(() => makeImage());

  it('makes containers nodes like any other, run flows in them, and keeps secrets to itself', async () => {
    const web = container('web', {
      command: ['sh', '-c', 'echo "token $TOKEN"; mkdir w; echo page > w/p; exec httpd -f -h w'],
      environment: { TOKEN },
      stopGrace: 2000,
      copies: [
        { direction: 'in', from: 'in.txt', to: '/tmp/in.txt', at: { when: 'create' } },
        { direction: 'out', from: '/w', to: 'w', at: { when: 'after', flow: 'page' } },
        { direction: 'out', from: '/tmp/in.txt', to: 'back.txt', at: { when: 'end' } },
        { direction: 'out', from: '/missing', to: 'missing', at: { when: 'stopped' } },
      ],
    });
    const box = container('box', {
      ...{ user: '1000:1000', readOnly: true, init: true, healthcheck: 'none' },
      dependsOn: [{ container: 'web', condition: 'started' }],
    });
    const flows = [
      runFlow('page', 'box', ['wget', '-q', '-O', '-', 'http://web/p']),
      runFlow('six', 'box', ['wget', '-q', '-O', '-', 'http://[fd78::1]/p']),
      runFlow('missing', 'box', ['no-such-program']),
      runFlow('code', 'box', ['sh', '-c', 'echo "$TOKEN" >&2; echo last >&2; exit 3'], {
        environment: { TOKEN },
      }),
      runFlow('signal', 'box', ['sh', '-c', 'kill -SEGV $$']),
      runFlow('stubborn', 'box', ['sh', '-c', 'trap "" TERM; sleep 71 & sleep 71; sleep 71'], {
        timeout: 200,
      }),
      runFlow('behind', 'box', ['sh', '-c', 'echo up; sleep 72'], { background: true }),
      runFlow('bare', 'bare', ['sh', '-c', 'echo $TOKEN; ls -l /proc/self/fd'], {
        environment: { TOKEN },
      }),
    ];
    await withContainers(planOf([web, box, host('bare')], flows), async (lab) => {
      writeFileSync(join(lab.directory, 'in.txt'), 'brought\n');
      const run = (flow: string): Promise<Observation> =>
        lab.lab.call('runFlow', { flow, attempt: 1 }, 20_000);
      await lab.prepare({ 'env:TOKEN': SECRET });
      await lab.build();
      // Nothing of theirs runs before the gates are opened.
      expect(lab.read('logs/web.log')).to.equal('');
      await lab.lab.call('startServices', {}, 10_000);
      const { containers } = await lab.lab.call('startContainers', {}, 20_000);
      expect(containers.map(({ node, state }) => [node, state])).to.deep.equal([
        ['web', 'running'],
        ['box', 'running'],
      ]);
      expect(runIn(recordOf(lab.lab.id), 'bare', 'ping', '-c1', '-W2', 'box').status).to.equal(0);
      expect(await run('page')).to.include({ failure: null, exitCode: 0 });
      expect(lab.read('logs/box.page.log')).to.equal('page\n');
      await lab.lab.call('copyAfter', { flow: 'page' }, 10_000);
      expect(lab.read('files/web/w/p')).to.equal('page\n');
      expect(await run('six')).to.include({ failure: null });
      expect(await run('missing')).to.include({
        ...{ failure: 'unknown_failure: program not found', exitCode: 127 },
      });
      expect(await run('code')).to.include({
        ...{ failure: 'unknown_failure: exit code 3', exitCode: 3, detail: 'last' },
      });
      expect(lab.read('logs/box.code.log')).to.include('***\n');
      expect(await run('signal')).to.include({
        ...{ failure: 'unknown_failure: signal SIGSEGV', exitCode: 139 },
      });
      expect(await run('stubborn')).to.include({ failure: 'generic_timeout_error' });
      const [, boxRecord] = containers;
      expect(docker('top', boxRecord?.id ?? '')).not.to.include('sleep 71');
      expect(await run('behind')).to.include({ failure: null });
      await run('bare');
      expect(lab.read('logs/bare.bare.log')).to.match(/^\*\*\*\n/);
      // The way to the machine's /proc is the agent's alone.
      expect(lab.read('logs/bare.bare.log')).not.to.match(/ 4 -> \/proc$/m);
      await lab.lab.call('stopTraffic', {}, 10_000);
      expect(docker('top', boxRecord?.id ?? '')).not.to.include('sleep 72');
      const { containers: last } = await lab.lab.call('stopContainers', {}, 40_000);
      expect(last[0]).to.include({ node: 'web', state: 'running', exitCode: null });
      expect(last[0]?.files).to.deep.equal(['files/web/back.txt', 'files/web/w/p']);
      expect(await lab.lab.call('stopContainers', {}, 1000)).to.deep.equal({ containers: last });
      expect(lab.read('files/web/back.txt')).to.equal('brought\n');
      expect(lab.read('logs/web.log')).to.equal('token ***\n');
      const losses = lab.events.filter(({ kind }) => kind === 'loss');
      expect(JSON.stringify(losses)).to.include('/missing');
      expect(JSON.stringify(lab.events)).not.to.include(SECRET);
    });
  });

  it('waits for health and completion, and tells when containers end', async () => {
    const nodes = [
      container('app', {
        dependsOn: [
          { container: 'migrate', condition: 'completed' },
          { container: 'store', condition: 'healthy' },
        ],
        command: ['sh', '-c', 'sleep 1; exit 5'],
      }),
      container('migrate', { command: ['sh', '-c', 'sleep 0.3; echo migrated'] }),
      container('store', {
        command: ['sh', '-c', 'sleep 0.3; touch /tmp/up; sleep 300'],
        healthcheck: {
          ...{ argv: ['ls', '/tmp/up'], interval: 50, timeout: 2000, retries: 50, startPeriod: 0 },
        },
      }),
    ];
    await withContainers(planOf(nodes), async (lab) => {
      await upTo(lab);
      const told = (node: string): string[] =>
        lab.events.flatMap((event) =>
          event.kind === 'container' && event.node === node
            ? [`${event.what} ${event.exitCode ?? ''}`.trim()]
            : [],
        );
      await waitFor('the end of app', () => told('app').length === 3);
      expect(told('app')).to.deep.equal(['started', 'ready', 'exited 5']);
      expect(told('migrate')).to.deep.equal(['started', 'ready', 'exited 0']);
      expect(told('store')).to.deep.equal(['started', 'ready']);
      const { containers } = await lab.lab.call('stopContainers', {}, 40_000);
      expect(containers.map(({ exitCode }) => exitCode)).to.deep.equal([5, 0, null]);
      expect(containers[2]?.readyAfter).to.be.above(250);
    });
  });

  const faults: [string, Partial<ContainerSpec>, RegExp][] = [
    [
      'names a program that is not there',
      { command: ['no-such-program'] },
      /"box" \(image ".*"\) ended before its program ran: exit code 127\n {2}\| launch: no program "no-such-program" in PATH .*Name a program/s,
    ],
    [
      'names one that cannot be executed',
      { command: ['/etc/hosts'] },
      /exit code 126\n {2}\| launch: cannot execute "\/etc\/hosts": Permission denied/,
    ],
    [
      'gives the last words, masked, of one that ends while it starts',
      { command: ['sh', '-c', 'echo bad $TOKEN; exit 3'], environment: { TOKEN } },
      /ended while the lab started: exit code 3\n {2}\| bad \*\*\* \|/,
    ],
    [
      'gives what the health check of an unhealthy one said',
      {
        healthcheck: {
          ...{ argv: ['sh', '-c', 'echo sick; exit 1'], interval: 10, timeout: 2000 },
          ...{ retries: 2, startPeriod: 0 },
        },
      },
      /"box" is unhealthy: .* failed 2 times, the last with exit code 1\n {2}\| sick/s,
    ],
    [
      'bounds the wait for health',
      {
        startTimeout: 500,
        healthcheck: {
          ...{ argv: ['sleep', '9'], interval: 10, timeout: 9000, retries: 9, startPeriod: 0 },
        },
      },
      /"box" took longer than 500 ms until it is healthy/,
    ],
    [
      'says which image is missing',
      { image: { name: 'runner-test-no-such:1', pull: 'never', build: null } },
      /Image "runner-test-no-such:1" of container "box" is not to be had: .*docker pull/s,
    ],
    [
      'says what the engine refuses',
      { user: 'no-such-user' },
      /container "box" of image ".*no-such-user.*\(step "container:box:0"\)/s,
    ],
  ];
  for (const [title, change, message] of faults)
    it(title, async () => expect(await startFault(change)).to.match(message));

  it('finds out each time that one ended while it started', async () => {
    const nodes = Array.from({ length: 8 }, (_, index) => container(`box${index}`));
    const failing = container('box', { command: ['sh', '-c', 'exit 3'] });
    for (let round = 0; round < 3; round += 1)
      await withContainers(planOf([...nodes, failing]), async (lab) => {
        const { message } = await faultOf(upTo(lab));
        expect(message).to.include('"box"').and.include('exit code 3');
        const { containers } = await lab.lab.call('stopContainers', {}, 20_000);
        expect(containers.at(-1)).to.include({ node: 'box', state: 'exited', exitCode: 3 });
      });
  });

  it('tells what a copy out leaves out, and gives the copies of the end their time', () =>
    withContainers(
      planOf([
        container('box', {
          command: ['sh', '-c', 'mkdir /w; echo a >/w/a; ln -s a /w/link; echo up; sleep 300'],
          copies: [
            { direction: 'out', from: '/w', to: 'w', at: { when: 'end' } },
            { direction: 'out', from: '/w/a', to: 'b', at: { when: 'stopped' } },
          ],
        }),
        container('on', {
          copies: [{ direction: 'out', from: '/bin', to: 'bin', at: { when: 'end' } }],
        }),
      ]),
      async (lab) => {
        await upTo(lab);
        const { containers } = await lab.lab.call('stopContainers', {}, 20_000);
        expect(containers[0]?.files).to.deep.equal(['files/box/b', 'files/box/w/a']);
        const losses = lab.events.filter(({ kind }) => kind === 'loss');
        // Both copies of the end leave links out, and the containers end side by side.
        expect(losses.find((loss) => 'place' in loss && loss.place === 'box')).to.include({
          count: 1,
        });
        expect(JSON.stringify(losses)).to.match(
          /left out of the copy of \\"\/w\\": w\/link: a symlink/,
        );
        expect(JSON.stringify(losses)).to.match(/; \d+ more/);
        // One that wants no peace is left to its removal.
        const running = docker(
          'inspect',
          '--format',
          '{{.State.Running}}',
          containers[1]?.id ?? '',
        );
        expect(running.trim()).to.equal('true');
      },
    ));

  it('leaves those of a lab that stays running, and closes their logs', () =>
    withContainers(
      planOf([
        container('box', {
          command: ['sh', '-c', 'while :; do echo tick; sleep 0.1; done'],
          copies: [{ direction: 'out', from: '/bin/busybox', to: 'b', at: { when: 'stopped' } }],
        }),
      ]),
      async (lab) => {
        await upTo(lab);
        const { containers } = await lab.lab.call('stopContainers', { leaveRunning: true }, 20_000);
        const log = lab.read('logs/box.log');
        expect(log).to.match(/^(tick\n)+$/);
        await waitFor('more', () => lab.read('lab/logs/box.log').length > 10);
        expect(lab.read('logs/box.log')).to.equal(log);
        expect(containers[0]?.files).to.deep.equal([]);
        expect(JSON.stringify(lab.events)).to.include('copy not made').and.include('left running');
      },
    ));

  it('says that an image must be built first, without --no-build', () =>
    withContainers(
      planOf([
        container('box', {
          image: {
            ...{ name: 'runner-test-unbuilt:1', pull: 'missing' },
            build: {
              ...{ context: '.', dockerfile: 'Dockerfile', args: {}, target: null },
              network: 'none',
            },
          },
        }),
      ]),
      async (lab) => {
        const { message, help } = await faultOf(lab.prepare({}, false));
        expect(`${message} | ${help ?? ''}`).to.match(
          /Image "runner-test-unbuilt:1" of container "box".*Run without --no-build/,
        );
        expect(existsSync(join(lab.directory, 'logs/box.build.log'))).to.equal(false);
      },
    ));

  it('leaves containers of other networks to the engine', () =>
    withContainers(
      planOf([container('box', { command: ['ip', 'link'] }, { stack: 'machine' })]),
      async (lab) => {
        await upTo(lab);
        await lab.lab.call('stopContainers', {}, 40_000);
        expect(lab.read('logs/box.log')).to.match(/^1: lo:/);
      },
    ));
});
