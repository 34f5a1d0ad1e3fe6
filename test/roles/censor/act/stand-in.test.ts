import { expect } from 'chai';
import { TCP_FLAG } from '../../../../src/wire/tcp.ts';
import {
  PAGE,
  Playbook,
  V4,
  clientData,
  fromClient,
  handshake,
  hostRule,
  request,
  serverData,
  text,
} from '../playbook.ts';

const { ACK, FIN } = TCP_FLAG;
const LONG = {
  ...PAGE,
  headers: [['Server', 'censor']] as const,
  body: `<h1>Blocked</h1>${'é'.repeat(1000)}`,
};

function open(book: Playbook, ends = V4, mss = 1460): void {
  for (const packet of handshake(ends, mss)) expect(book.judge(packet)).to.equal('pass');
}

describe('roles/censor/stand-in', () => {
  it('perform() sends the page in segments that fit, with a FIN, and resets the server', () => {
    const book = new Playbook([hostRule(LONG)]);
    open(book, V4, 1000);
    const asked = request('blocked.example');
    expect(book.judge(clientData(V4, asked))).to.equal('drop');
    const toClient = book.emitted.filter(({ packet }) => packet.ip.destination === V4.client);
    expect(toClient.map(({ packet }) => packet.tcp?.sequence)).to.deep.equal([5001, 6001, 7001]);
    expect(
      toClient.every(({ packet }) => packet.tcp?.acknowledgment === 1001 + asked.length),
    ).to.equal(true);
    expect(toClient.map(({ packet }) => (packet.tcp?.flags ?? 0) & FIN)).to.deep.equal([0, 0, FIN]);
    const page = Buffer.concat(toClient.map(({ packet }) => packet.payload)).toString();
    const [head = '', body = ''] = page.split('\r\n\r\n');
    expect(head).to.match(/^HTTP\/1\.1 403 Forbidden\r\nServer: censor\r\n/);
    expect(head).to.include(`Content-Length: ${Buffer.byteLength(LONG.body)}`);
    expect(body).to.equal(LONG.body);
    expect(book.lines().at(-1)).to.equal(
      'IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [R], seq 1001, win 0, length 0',
    );
  });

  it('continueStanding() keeps the server out, repeats the page and takes the FIN', () => {
    const book = new Playbook([hostRule({ ...PAGE, body: 'no' })]);
    open(book);
    const asked = request('blocked.example');
    book.judge(clientData(V4, asked));
    const [page] = book.lines();
    expect(book.judge(serverData(V4, text('late')))).to.equal('drop');
    expect(book.judge(clientData(V4, asked))).to.equal('drop');
    expect(book.lines()).to.deep.equal([page]);
    const end = 1001 + asked.length;
    const fin = fromClient(V4, { sequence: end, acknowledgment: 5200, flags: FIN | ACK });
    expect(book.judge(fin)).to.equal('drop');
    expect(book.lines()[0]).to.match(new RegExp(`Flags \\[\\.\\], seq \\d+, ack ${end + 1},`));
  });

  it('perform() races with the page when the request passes', () => {
    const book = new Playbook([hostRule({ ...PAGE, dropTrigger: false, teardown: null })]);
    open(book);
    expect(book.judge(clientData(V4, request('blocked.example')))).to.equal('pass');
    expect(book.emitted.length).to.be.greaterThan(0);
    expect(book.judge(serverData(V4, text('late')))).to.equal('pass');
  });
});
