import { expect } from 'chai';
import { readCurlReport } from '../../src/traffic/curl-report.ts';

/** Of curl 7.88.1, without what is not read. */
const FACTS = {
  errormsg: null,
  exitcode: 0,
  http_code: 200,
  http_version: '2',
  local_ip: '10.0.0.1',
  local_port: 41_234,
  num_redirects: 0,
  remote_ip: '10.0.1.2',
  remote_port: 443,
  time_appconnect: 0.02,
  time_connect: 0.001,
  time_starttransfer: 0.025,
  time_total: 0.03,
  url_effective: 'https://news.example/',
};
const said = (changes: object, before = '* Connected to news.example\n'): string =>
  `${before}\n${JSON.stringify({ ...FACTS, ...changes })}\n`;

describe('readCurlReport()', () => {
  it('reads what a transfer came to', () => {
    expect(readCurlReport(said({}))).to.deep.equal({
      ...{ exitCode: 0, message: '', finalUrl: 'https://news.example/', httpStatus: 200 },
      protocol: 'HTTP/2.0',
      timings: { connect: 1, tls_handshake: 20, first_byte: 25, done: 30 },
      fiveTuple: {
        protocol: 'tcp',
        ...{ source: '10.0.0.1', sourcePort: 41_234 },
        ...{ destination: '10.0.1.2', destinationPort: 443 },
      },
    });
  });

  it('adds the reason that only the log has', () => {
    const failed = { errormsg: "Couldn't connect to server", exitcode: 7, http_code: 0 };
    const log = [
      '*   Trying [fd00::2]:443...',
      '* connect to fd00::2 port 443 failed: No route to host',
      '* connect to 10.0.1.2 port 443 failed: Connection refused',
      '',
    ].join('\n');
    const report = readCurlReport(said({ ...failed, local_ip: '', remote_ip: '' }, log));
    expect(report).to.include({
      ...{ exitCode: 7, httpStatus: null, finalUrl: null, fiveTuple: null },
      message: "Couldn't connect to server: Connection refused",
    });
  });

  it('knows no one connection of what was redirected', () => {
    expect(readCurlReport(said({ num_redirects: 1 }))?.fiveTuple).to.equal(null);
  });

  for (const text of ['', 'curl: (2) nonsense', '\n{"exitcode":'])
    it(`gives null for ${JSON.stringify(text)}`, () => {
      expect(readCurlReport(text)).to.equal(null);
    });
});
