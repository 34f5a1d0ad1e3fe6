import { expect } from 'chai';
import {
  handshakesArgv,
  keepAliveArgv,
  parseHandshakes,
  setconfArgv,
} from '../../../src/agent/wireguard/kernel-device.ts';

describe('agent/wireguard/kernel-device', () => {
  it('setconfArgv() has wg(8) read the keys from its standard input', () =>
    expect(setconfArgv('wg0')).to.deep.equal([
      'sh',
      '-c',
      'cat | wg setconf "$0" /dev/stdin',
      'wg0',
    ]));

  it('keepAliveArgv() changes one peer', () =>
    expect(keepAliveArgv('wg0', 'aaa=', 25).join(' ')).to.equal(
      'wg set wg0 peer aaa= persistent-keepalive 25',
    ));

  it('handshakesArgv() asks for times alone', () =>
    expect(handshakesArgv('wg0').join(' ')).to.equal('wg show wg0 latest-handshakes'));

  it('parseHandshakes() leaves out peers with whom there was none', () => {
    const found: ReadonlySet<string> = parseHandshakes('aaa=\t1700000000\nbbb=\t0\n');
    expect([...found]).to.deep.equal(['aaa=']);
  });
});
