import { expect } from 'chai';
import { Intake, type IntakeHost } from '../../../src/roles/relay/intake.ts';
import { fromLatin1, latin1 } from '../../../src/wire/bytes.ts';
import { shipped } from '../../wire/protocol/protocols.ts';

const text = (bytes: Uint8Array): string => latin1(bytes, 0, bytes.length);

class Listener implements IntakeHost {
  isStopped = false;
  readonly heard: string[] = [];

  message(view: Uint8Array): void {
    this.heard.push(`message ${text(view)}`);
    this.isStopped = text(view).startsWith('stop');
  }

  remainder(bytes: Uint8Array): void {
    this.heard.push(`remainder ${text(bytes)}`);
  }

  flush(): void {
    this.heard.push('flush');
  }

  framingFault(_reason: string, rest: Uint8Array): void {
    this.heard.push(`fault ${text(rest)}`);
  }
}

function hear(protocol: string, parts: readonly string[], ends = false): readonly string[] {
  const compiled = shipped(protocol);
  const listener = new Listener();
  const intake = new Intake(compiled.framer('client'), compiled.spec.frame, listener);
  for (const part of parts) intake.receive(fromLatin1(part), 0);
  if (ends) intake.end(0);
  return listener.heard;
}

describe('roles/relay/intake', () => {
  it('gives messages as they are whole, and has those written that came in parts', () => {
    expect(hear('lines', ['a\nb', 'c\nd\n'])).to.deep.equal([
      'message a\n',
      'message bc\n',
      'flush',
      'message d\n',
    ]);
  });

  it('gives no more once its host has stopped', () => {
    expect(hear('lines', ['stop\nb\n'])).to.deep.equal(['message stop\n']);
  });

  it('ends with a message where the end of the stream ends one, and else with bytes that are none', () => {
    expect(hear('lines', ['a\nb'], true)).to.deep.equal(['message a\n', 'message b']);
    expect(hear('u32-length', ['\0\0\0\u0003ab'], true)).to.deep.equal([
      'remainder \0\0\0\u0003ab',
    ]);
    expect(hear('lines', ['a\n'], true)).to.deep.equal(['message a\n']);
  });

  it('gives all as bytes from where messages cannot be told apart', () => {
    const openflow = '\u0004\0\0\u0008\0\0\0\u0001';
    expect(hear('openflow', [`${openflow}\u0004\0\0\u0004more`, 'again'])).to.deep.equal([
      `message ${openflow}`,
      'fault \u0004\0\0\u0004more',
      'remainder again',
    ]);
  });
});
