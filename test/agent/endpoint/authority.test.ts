import { X509Certificate, createPrivateKey } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { createAuthority } from '../../../src/agent/endpoint/authority.ts';

describe('agent/endpoint createAuthority()', () => {
  const authority = createAuthority();
  const names = ['blocked.example', '*.wild.example', '10.0.0.1', 'fd00::1'];
  const issued = authority.issue('serve', names);
  const own = new X509Certificate(authority.certificate);
  const leaf = new X509Certificate(issued.certificate);

  it('signs itself and may sign others', () => {
    expect(own.ca).to.equal(true);
    expect(own.verify(own.publicKey)).to.equal(true);
    expect(own.checkIssued(own)).to.equal(true);
  });

  it('issues certificates that it has signed, with the key that goes with them', () => {
    expect(leaf.ca).to.equal(false);
    expect(leaf.checkIssued(own)).to.equal(true);
    expect(leaf.verify(own.publicKey)).to.equal(true);
    expect(leaf.checkPrivateKey(createPrivateKey(issued.key))).to.equal(true);
  });

  it('issues for names, wildcards and addresses of both families', () => {
    expect(leaf.checkHost('blocked.example')).to.equal('blocked.example');
    expect(leaf.checkHost('any.wild.example')).to.equal('*.wild.example');
    expect(leaf.checkHost('other.example')).to.equal(undefined);
    expect(leaf.checkIP('10.0.0.1')).to.equal('10.0.0.1');
    expect(leaf.checkIP('fd00::1')).to.equal('fd00::1');
  });

  it('issues certificates that are valid now and for decades', () => {
    expect(Date.parse(leaf.validFrom)).to.be.below(Date.parse('2001-01-01'));
    expect(Date.parse(leaf.validTo)).to.be.above(Date.parse('2099-01-01'));
  });

  it('gives every certificate a serial number and every key an identifier of its own', () => {
    const other = new X509Certificate(authority.issue('serve', names).certificate);
    expect(other.serialNumber).to.not.equal(leaf.serialNumber);
    expect(new X509Certificate(createAuthority().certificate).subject).to.not.equal(own.subject);
  });

  it('writes certificates that openssl reads as they are meant', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], {
      input: issued.certificate,
      encoding: 'utf8',
    });
    expect(text).to.include('Version: 3');
    expect(text).to.include('Signature Algorithm: ecdsa-with-SHA256');
    expect(text).to.match(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).to.match(/Key Usage: critical\s+Digital Signature/);
    expect(text).to.include('TLS Web Server Authentication');
    expect(text).to.include('Subject: O = netscenario, CN = serve');
  });

  it('passes the strict checks of openssl verify', () => {
    const script =
      'openssl verify -x509_strict -purpose sslserver -CAfile <(printf %s "$1") <(printf %s "$2")';
    const found = execFileSync(
      'bash',
      ['-c', script, 'bash', authority.certificate, issued.certificate],
      { encoding: 'utf8' },
    );
    expect(found).to.match(/: OK\n$/);
  });

  it('issues what a TLS client that trusts it accepts', async () => {
    const server = createServer({ key: issued.key, cert: issued.certificate }, (socket) =>
      socket.end(),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const socket: TLSSocket = connect({
      host: '127.0.0.1',
      port,
      servername: 'blocked.example',
      ca: authority.certificate,
    });
    await once(socket, 'secureConnect');
    expect(socket.authorized).to.equal(true);
    socket.destroy();
    server.close();
  });
});
