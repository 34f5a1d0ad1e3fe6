import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { type Link, type LinkOptions, createLink } from '../../../src/lab/far/link.ts';

const links: Link[] = [];
function makeLink(options: Partial<LinkOptions>): Link {
  const link = createLink({ onFrame: () => undefined, onLost: () => undefined, ...options });
  links.push(link);
  return link;
}

function join(one: Link, other: Link): void {
  const [there, back] = [new PassThrough(), new PassThrough()];
  one.attach(back, there);
  other.attach(there, back);
}

const frame = (text: string): { kind: number; payload: Buffer } => ({
  kind: 0,
  payload: Buffer.from(text),
});

describe('createLink()', () => {
  afterEach(() => links.splice(0).forEach((link) => link.close()));

  it('loses the connection, and nothing else, over a frame that its reader refuses', async () => {
    const refused = new Promise<string>((resolve) => {
      const reader = makeLink({
        onFrame: () => Promise.reject(new Error('no JSON')),
        onLost: resolve,
      });
      const writer = makeLink({});
      join(reader, writer);
      void writer.send(frame('{'));
    });
    expect(await refused).to.equal('no JSON');
  });

  it('goes on behind such a frame over the next connection', async () => {
    let told = (): void => undefined;
    const second = new Promise<void>((resolve) => {
      told = resolve;
    });
    const writer = makeLink({});
    const reader = makeLink({
      onFrame: ({ payload }) => {
        if (payload.toString() === '{') throw new Error('no JSON');
        told();
      },
      onLost: () => join(reader, writer),
    });
    join(reader, writer);
    void writer.send(frame('{'));
    void writer.send(frame('{}'));
    await second;
  });

  it('loses a connection on which no frames come', async () => {
    const lost = new Promise<string>((resolve) => {
      const link = makeLink({ onLost: resolve });
      const input = new PassThrough();
      link.attach(input, new PassThrough());
      input.write('Segmentation fault\n');
    });
    expect(await lost).to.match(/is none/);
  });

  it('shows each frame when it arrives, though those before still wait for their turn', async () => {
    const arrived = new Promise<string>((resolve) => {
      const reader = makeLink({
        onFrame: () => new Promise(() => undefined),
        onArrival: ({ payload }) => {
          if (payload.toString() === 'kill') resolve('kill');
        },
      });
      const writer = makeLink({});
      join(reader, writer);
      void writer.send(frame('talk that nobody takes'));
      void writer.send(frame('kill'));
    });
    expect(await arrived).to.equal('kill');
  });

  it('makes nobody wait for room any more once it is told so', async () => {
    const link = makeLink({});
    const full = link.send({ kind: 1, payload: Buffer.alloc(5 << 20) });
    link.stopWaiting();
    await full;
    await link.send(frame('last words'));
  });
});
