import { expect } from 'chai';
import { type ConfigureStep, groupByNode, groupPhases } from '../../../src/agent/build/phases.ts';
import type { Step, StepAction } from '../../../src/model/plan.ts';

const step = (id: string, action: StepAction): Step => ({ id, do: action, command: '', undo: '' });
const sysctl = (id: string, node: string): ConfigureStep => ({
  id,
  do: { kind: 'sysctl', node, key: 'net.ipv4.ip_forward', value: '1' },
  command: '',
  undo: '',
});

describe('groupPhases()', () => {
  it('cuts steps into runs of one sort and keeps their order', () => {
    const phases = groupPhases([
      step('1', { kind: 'namespace', node: 'a' }),
      step('2', { kind: 'namespace', node: 'b' }),
      step('3', { kind: 'bridge', network: 'n', interface: 'n' }),
      sysctl('4', 'a'),
      step('5', { kind: 'rule', node: 'a', rule: { family: 4, priority: 1, table: 1 } }),
      step('6', { kind: 'node-bridge', node: 'a', interface: 'br0' }),
      step('7', { kind: 'bridge-port', node: 'a', interface: 'left', bridge: 'br0' }),
      step('8', { kind: 'namespace', node: 'c' }),
    ]);
    expect(phases.map(({ kind, steps }) => [kind, ...steps.map(({ id }) => id)])).to.deep.equal([
      ['namespaces', '1', '2'],
      ['links', '3'],
      ['addresses', '4', '5'],
      ['bridges', '6', '7'],
      ['namespaces', '8'],
    ]);
  });
});

describe('groupByNode()', () => {
  it('keeps the order of each node', () => {
    const groups = groupByNode([sysctl('1', 'b'), sysctl('2', 'a'), sysctl('3', 'b')]);
    expect([...groups].map(([node, steps]) => [node, ...steps.map(({ id }) => id)])).to.deep.equal([
      ['b', '1', '3'],
      ['a', '2'],
    ]);
  });
});
