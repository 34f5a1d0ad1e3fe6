import { expect } from 'chai';
import {
  EarlierMessages,
  WrittenMessages,
  typesToRemember,
} from '../../../../src/roles/relay/process/message-source.ts';
import { fromHex } from '../../../../src/wire/bytes.ts';
import { compileProtocol } from '../../../../src/wire/protocol/compile-protocol.ts';
import { MEMO, memo, relaySpec, rule } from '../playbook.ts';

const earlier = { kind: 'earlier', type: 'ASK', from: 'client' } as const;

describe('roles/relay/process/message-source', () => {
  it('typesToRemember() has what some rule sends again, by side', () => {
    const rules = [
      rule('again', {}, [{ kind: 'replace', message: earlier }, { kind: 'drop' }]),
      rule('back', {}, [
        { kind: 'inject', where: 'back', message: { ...earlier, type: 'TELL', from: 'server' } },
        { kind: 'inject', where: 'after', message: { kind: 'bytes', hex: '00' } },
      ]),
    ];
    expect(typesToRemember(relaySpec({ rules }))).to.deep.equal({
      client: new Set(['ASK']),
      server: new Set(['TELL']),
    });
  });

  it('find() gives the last message of a type as it came, of its side', () => {
    const messages = new EarlierMessages();
    const bytes = memo('ASK', 1);
    messages.remember('client', 'ASK', bytes);
    bytes.fill(0);
    expect(messages.find('client', 'ASK')).to.deep.equal(memo('ASK', 1));
    expect(messages.find('server', 'ASK')).to.equal(null);
    messages.remember('client', 'ASK', memo('ASK', 2));
    const written = new WrittenMessages(compileProtocol(MEMO));
    expect(written.find(earlier, 'client', messages)).to.deep.equal(memo('ASK', 2));
    expect(written.find({ ...earlier, type: 'TELL' }, 'client', messages)).to.equal(null);
  });

  it('find() writes messages of fields once, and takes bytes as they are', () => {
    const written = new WrittenMessages(compileProtocol(MEMO));
    const messages = new EarlierMessages();
    const source = {
      kind: 'fields',
      type: 'TELL',
      values: [{ path: 'number', value: 7 }],
    } as const;
    const first = written.find(source, 'client', messages);
    expect(first).to.deep.equal(memo('TELL', 7));
    expect(written.find(source, 'client', messages)).to.equal(first);
    expect(written.find({ kind: 'bytes', hex: '00 ff' }, 'server', messages)).to.deep.equal(
      fromHex('00ff'),
    );
  });
});
