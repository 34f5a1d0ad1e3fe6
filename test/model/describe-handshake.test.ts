import { expect } from 'chai';
import { describeNoHandshake } from '../../src/model/describe-handshake.ts';
import type { PlanTunnelEnd } from '../../src/model/tunnel.ts';

const END: PlanTunnelEnd = {
  ...{ node: 'client', interface: 'wg0', addresses: [], port: 51_820, fwmark: 0 },
  ...{ endpoint: { address: '10.10.2.5', port: 51_820 }, allowed: [] },
};
const TUNNEL = { client: END, server: { ...END, node: 'exit', endpoint: null }, over: ['wgnet1'] };
const CAUSES =
  "One of them is down or out of reach, UDP is dropped between them, or they do not have each other's keys";

describe('describeNoHandshake()', () => {
  it('says which end hears nothing, and what it may be', () => {
    expect(describeNoHandshake(TUNNEL, { client: false, server: false }, () => true)).to.equal(
      `no handshake: "exit" has heard nothing that it trusts from "client", by way of 10.10.2.5:51820. ${CAUSES}`,
    );
    const endpoint = { address: 'fd00::5', port: 51_820 };
    const six = { ...TUNNEL, client: { ...END, endpoint } };
    expect(describeNoHandshake(six, { client: false, server: true }, () => true)).to.equal(
      `no handshake: "client" has heard nothing that it trusts from "exit", by way of [fd00::5]:51820. ${CAUSES}`,
    );
  });

  it('gives a carrier without a handshake as the reason', () =>
    expect(describeNoHandshake(TUNNEL, { client: false, server: false }, () => false)).to.equal(
      'no handshake: "exit" has heard nothing that it trusts from "client", by way of 10.10.2.5:51820. wgnet1, which carries it, has no handshake either',
    ));
});
