import { expect } from 'chai';
import type { FieldSetting } from '../../../../src/model/relay.ts';
import {
  EarlierMessages,
  WrittenMessages,
  typesToRemember,
} from '../../../../src/roles/relay/process/message-source.ts';
import { fromHex } from '../../../../src/wire/bytes.ts';
import { compileProtocol } from '../../../../src/wire/protocol/compile-protocol.ts';
import { MEMO, memo, relaySpec, rule } from '../playbook.ts';

const AT_HAND = { from: 'client', bytes: memo('ASK', 1) } as const;
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
    expect(written.find(earlier, 'client', messages, AT_HAND)).to.deep.equal(memo('ASK', 2));
    expect(written.find({ ...earlier, type: 'TELL' }, 'client', messages, AT_HAND)).to.equal(null);
  });

  it('find() writes messages of fields once, and takes bytes as they are', () => {
    const written = new WrittenMessages(compileProtocol(MEMO));
    const messages = new EarlierMessages();
    const source = {
      kind: 'fields',
      type: 'TELL',
      values: [{ path: 'number', value: 7 }],
    } as const;
    const first = written.find(source, 'client', messages, AT_HAND);
    expect(first).to.deep.equal(memo('TELL', 7));
    expect(written.find(source, 'client', messages, AT_HAND)).to.equal(first);
    expect(
      written.find({ kind: 'bytes', hex: '00 ff' }, 'server', messages, AT_HAND),
    ).to.deep.equal(fromHex('00ff'));
  });

  it('find() takes what is inherited from the message at hand, unless it is said', () => {
    const written = new WrittenMessages(compileProtocol({ ...MEMO, inherits: ['flags', 'text'] }));
    const beside = memo('ASK', 1, 2);
    beside[1] = 4;
    const find = (values: readonly FieldSetting[]) =>
      written.find({ kind: 'fields', type: 'TELL', values }, 'client', null, {
        from: 'client',
        bytes: beside,
      });
    const said = [{ path: 'text', value: 'aa' }];
    expect(find(said)).to.deep.equal(fromHex('05 04 0009 00000000 aa'));
    expect(find([...said, { path: 'flags', value: 9 }])).to.deep.equal(
      fromHex('05 09 0009 00000000 aa'),
    );
  });

  it('find() keeps so many of those that it has written, and writes the others again', () => {
    const written = new WrittenMessages(compileProtocol({ ...MEMO, inherits: ['number'] }));
    const source = { kind: 'fields', type: 'TELL', values: [] } as const;
    const find = (number: number) =>
      written.find(source, 'client', null, { from: 'client', bytes: memo('ASK', number) });
    const first = find(0);
    for (let number = 1; number < 1024; number += 1) find(number);
    expect(find(0)).to.equal(first);
    find(1024);
    expect(find(0) === first).to.equal(false);
    expect(find(0)).to.deep.equal(first);
  });

  it('find() gives none where a message with what it inherits cannot be', () => {
    const written = new WrittenMessages(compileProtocol({ ...MEMO, inherits: ['text'] }));
    const source = { kind: 'fields', type: 'TELL', values: [] } as const;
    const bytes = memo('ASK', 1, 3);
    expect(written.find(source, 'client', null, { from: 'client', bytes })).to.equal(null);
  });
});
