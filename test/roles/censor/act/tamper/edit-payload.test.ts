import { expect } from 'chai';
import { concatBytes } from '../../../../../src/wire/bytes.ts';
import {
  setServerName,
  stripExtension,
} from '../../../../../src/roles/censor/act/tamper/edit-client-hello.ts';
import { setHttpField } from '../../../../../src/roles/censor/act/tamper/edit-http-head.ts';
import {
  changesPayload,
  editPayload,
} from '../../../../../src/roles/censor/act/tamper/edit-payload.ts';
import { readClientHello } from '../../../../../src/wire/tls.ts';
import { hello, text } from '../../playbook.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const HEAD = 'GET / HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nhost: b.example\r\n\r\nbody';

describe('roles/censor/edit-payload', () => {
  const fields = [
    ['Host', 'c.example', 'GET / HTTP/1.1\r\nHost: c.example\r\nAccept: */*\r\n\r\nbody'],
    ['HOST', null, 'GET / HTTP/1.1\r\nAccept: */*\r\n\r\nbody'],
    ['X-New', '1', HEAD.replace('\r\n\r\n', '\r\nX-New: 1\r\n\r\n')],
    ['X-None', null, HEAD],
  ] as const;
  for (const [name, value, wish] of fields)
    it(`setHttpField() ${value === null ? 'removes' : 'sets'} ${name}`, () => {
      expect(decode(setHttpField(text(HEAD), name, value))).to.equal(wish);
    });

  it('setHttpField() changes responses too, and nothing that is no whole head', () => {
    const answer = text('HTTP/1.1 200 OK\nServer: x\n\n');
    expect(decode(setHttpField(answer, 'server', 'y'))).to.equal('HTTP/1.1 200 OK\nserver: y\n\n');
    for (const other of ['GET / HTTP/1.1\r\nHost: a', 'SSH-2.0-x\r\n\r\n', '']) {
      const bytes = text(other);
      expect(setHttpField(bytes, 'Host', 'b')).to.equal(bytes);
    }
  });

  for (const recordSize of [undefined, 30])
    it(`setServerName() names another server, in records of ${recordSize ?? 'any'} bytes`, () => {
      const original = concatBytes(hello('blocked.example', recordSize), text('later'));
      const edited = setServerName(original, 'fine.example.org');
      const reading = readClientHello(edited, 0, edited.length);
      if (reading.kind !== 'client-hello') throw new Error(reading.kind);
      expect(reading.hello.serverName).to.equal('fine.example.org');
      expect(decode(edited.subarray(reading.length))).to.equal('later');
    });

  it('stripExtension() takes an extension out and leaves the others', () => {
    const edited = stripExtension(hello('blocked.example'), 0);
    const reading = readClientHello(edited, 0, edited.length);
    if (reading.kind !== 'client-hello') throw new Error(reading.kind);
    expect(reading.hello.serverName).to.equal(null);
    expect(reading.hello.extensions).to.deep.equal([43]);
    const whole = hello('blocked.example');
    expect(stripExtension(whole, 0xffce)).to.equal(whole);
    const half = whole.subarray(0, 40);
    expect(setServerName(half, 'x')).to.equal(half);
  });

  it('editPayload() does all edits in their order', () => {
    const edits = [
      { edit: 'replace', find: '6162', with: '63' },
      { edit: 'replace', find: '63', with: '6464' },
      { edit: 'tcp-strip', option: 4 },
    ] as const;
    expect(decode(editPayload(text('abc'), edits))).to.equal('dddd');
    expect(edits.map(changesPayload)).to.deep.equal([true, true, false]);
  });
});
