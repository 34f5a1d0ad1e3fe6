import { X509Certificate, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'chai';
import { buildCertificate, certificatePem } from '../../src/traffic/certificate.ts';
import type { CertificateTemplate } from '../../src/traffic/certificate.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const TEMPLATE: CertificateTemplate = {
  subject: 'subject',
  issuer: 'issuer',
  serial: Uint8Array.of(0x80, 1, 2),
  notBefore: new Date('2000-01-01T00:00:00Z'),
  notAfter: new Date('2060-01-01T00:00:00Z'),
  publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  subjectKeyId: Uint8Array.of(1, 2, 3),
  authorityKeyId: Uint8Array.of(4, 5, 6),
  use: { kind: 'server', names: ['a.example', '2001:db8::1'] },
};

const build = (change: Partial<CertificateTemplate>): X509Certificate =>
  new X509Certificate(
    buildCertificate({ ...TEMPLATE, ...change }, (bytes) => sign('sha256', bytes, privateKey)),
  );

describe('traffic/certificate', () => {
  it('buildCertificate() says what its template says', () => {
    const found = build({});
    expect(found.subject).to.equal('O=netscenario\nCN=subject');
    expect(found.issuer).to.equal('O=netscenario\nCN=issuer');
    expect(found.serialNumber).to.equal('800102');
    expect(found.validFrom).to.equal('Jan  1 00:00:00 2000 GMT');
    expect(found.validTo).to.equal('Jan  1 00:00:00 2060 GMT');
    expect(found.subjectAltName).to.equal('DNS:a.example, IP Address:2001:DB8:0:0:0:0:0:1');
    expect(found.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
    expect(found.verify(publicKey)).to.equal(true);
  });

  it('buildCertificate() makes an authority when asked to', () => {
    expect(build({ use: { kind: 'authority' } }).ca).to.equal(true);
    expect(build({}).ca).to.equal(false);
  });

  it('buildCertificate() cuts common names to what RFC 5280 allows', () => {
    expect(build({ subject: 'x'.repeat(100) }).subject).to.include(`CN=${'x'.repeat(64)}`);
  });

  it('certificatePem() gives the DER back', () => {
    const der = buildCertificate(TEMPLATE, (bytes) => sign('sha256', bytes, privateKey));
    expect(new Uint8Array(new X509Certificate(certificatePem(der)).raw)).to.deep.equal(der);
  });
});
