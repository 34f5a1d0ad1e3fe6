import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { enterArgv } from '../../../src/lab/enter.ts';
import type { Plan, StepAction } from '../../../src/model/plan.ts';
import { newId, recordOf, runIn, startTestLab } from './labs.ts';
import { starPlan, toSteps, withFolder } from './plans.ts';

const RATE = 8e6;
const BYTES = 500_000;

/** A star whose first host may send no faster than RATE. */
function slowPlan(): Plan {
  const plan = starPlan(2);
  const impairment = {
    delay: 0,
    jitter: 0,
    lossRatio: 0,
    duplicateRatio: 0,
    reorderRatio: 0,
    corruptRatio: 0,
    rate: RATE,
    queue: 64 * 1024,
  };
  const actions = plan.steps.flatMap(({ do: action }): StepAction[] => {
    if (action.kind === 'bridge') return [];
    if (action.kind !== 'veth') return [action];
    const { interface: name, mac } = action.right;
    return [{ ...action, right: { node: null, interface: name, mac } }];
  });
  return {
    ...plan,
    networks: [
      {
        name: 'star',
        kind: 'switch',
        subnets: ['10.77.0.0/16'],
        mtu: 1500,
        isolated: true,
        uplink: false,
        gateway: [],
        members: [0, 1].map((index) => ({
          node: `h${index}`,
          interface: `h${index}-star`,
          mac: `02:00:00:00:00:0${index}`,
          addresses: [`10.77.0.${index + 1}/16`],
          port: `star-${index}`,
          ...(index === 0 && { impairment }),
        })),
      },
    ],
    steps: toSteps([...actions, { kind: 'segment', network: 'star' }]),
  };
}

const SERVER = `require('net').createServer({ allowHalfOpen: true }, (socket) => socket.resume().on('end', () => socket.end()))
  .listen(5001, () => console.log('ready'))`;
const CLIENT = `const start = performance.now();
  require('net').connect(5001, process.argv[1]).on('close', () => console.log(performance.now() - start)).resume()
    .end(Buffer.alloc(${BYTES}))`;

describe('a network with a rate', function () {
  this.timeout(30_000);

  it('holds what its member sends to the rate, and not what it receives', () =>
    withFolder(async (directory) => {
      const lab = await startTestLab(newId());
      const { impairments } = await lab.call('build', { plan: slowPlan(), directory }, 20_000);
      expect(impairments['star']).to.be.oneOf(['tbf', 'netem', 'switch']);
      const record = recordOf(lab.id);
      for (const node of ['h0', 'h1']) {
        const [program = '', ...rest] = enterArgv(record, node, [process.execPath, '-e', SERVER]);
        const server = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(server.stdout, 'data');
      }
      const send = (from: string, to: string): number => {
        const { stdout, stderr } = runIn(record, from, process.execPath, '-e', CLIENT, to);
        expect(stderr).to.equal('');
        return (BYTES * 8000) / Number(stdout);
      };
      // Headers take 5% of the rate; a busy machine may be slower, never faster.
      expect(send('h0', '10.77.0.2')).to.be.within(RATE * 0.6, RATE * 1.05);
      expect(send('h1', '10.77.0.1')).to.be.greaterThan(RATE * 1.2);
      await lab.close();
    }));
});
