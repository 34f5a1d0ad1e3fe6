import { expect } from 'chai';
import { planOf } from '../compile-text.ts';

const settingsOf = (entry: string): string[] =>
  planOf(`version: 1
name: lab
hosts: { client: {}, server: {} }
networks: { lab: { subnet: 10.10.1.0/24, members: [client, server] } }
traffic: [{ name: talk, ${entry} }]
`).steps.flatMap(({ do: action }) =>
    action.kind === 'sysctl' && action.key.includes('.tcp_')
      ? [`${action.node} ${action.key}=${action.value}`]
      : [],
  );

describe('scriptSteps()', () => {
  it('keeps segments as they are asked for, where segments are asked for', () => {
    const keep = [
      'client net.ipv4.tcp_retrans_collapse=0',
      'client net.ipv4.tcp_early_retrans=0',
      'client net.ipv4.tcp_autocorking=0',
    ];
    const script = (step: string): string => `between: [client, server:1], script: [${step}]`;
    expect(settingsOf(script('{ client: { send: a, flush: true } }'))).to.deep.equal(keep);
    expect(
      settingsOf(
        script('{ client: { repeat: { times: 2, steps: [{ send: ab, segments: 2 }] } } }'),
      ),
    ).to.deep.equal(keep);
    expect(settingsOf(script('{ client: { send: a } }'))).to.deep.equal([]);
  });

  it('lets a port be used again at once, where it is given and wanted again', () => {
    const script = 'between: [client:4000, server:1], script: [{ client: { send: a } }]';
    expect(settingsOf(`${script}, repeat: 2`)).to.deep.equal(['client net.ipv4.tcp_tw_reuse=1']);
    expect(settingsOf(`${script}, for: 3s`)).to.deep.equal(['client net.ipv4.tcp_tw_reuse=1']);
    expect(settingsOf(script)).to.deep.equal([]);
  });

  it('tells the kernel nothing for packets that are not its own', () => {
    expect(
      settingsOf(
        'between: [client:4000, server:1], transport: raw-tcp, repeat: 2, script: [{ client: { send: a, segments: 1 } }]',
      ),
    ).to.deep.equal([]);
  });
});
