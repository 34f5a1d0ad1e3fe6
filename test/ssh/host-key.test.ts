import { expect } from 'chai';
import { fingerprint, orderAlgorithms, readHostKey } from '../../src/ssh/host-key.ts';
import type { HostKey } from '../../src/ssh/host-key.ts';

// A key made for this test; the fingerprint is what "ssh-keygen -lf" prints of it.
const KEY: HostKey = {
  type: 'ssh-ed25519',
  base64: 'AAAAC3NzaC1lZDI1NTE5AAAAIDZfggQ492HL8eNHJw/8zhqTYhNhiSGaBr5KVXSZW8zs',
};

describe('host keys', () => {
  it('readHostKey() reads the type from the blob', () => {
    expect(readHostKey(Buffer.from(KEY.base64, 'base64'))).to.deep.equal(KEY);
    expect(readHostKey(Buffer.alloc(0))).to.deep.equal({ type: '', base64: '' });
  });

  it('fingerprint() is what ssh-keygen prints', () => {
    expect(fingerprint(KEY)).to.equal('SHA256:SmKcGo4EVpYSt1uhMOZpgkYzJOlVuvnvI5E7aNmPfLo');
  });

  it('orderAlgorithms() puts those of known keys first and none with SHA-1 anywhere', () => {
    expect(orderAlgorithms(new Set()).at(0)).to.equal('ssh-ed25519');
    const ordered: readonly string[] = orderAlgorithms(new Set(['ssh-rsa']));
    expect(ordered.slice(0, 3)).to.deep.equal(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-ed25519']);
    expect(ordered).to.not.include('ssh-rsa');
  });
});
