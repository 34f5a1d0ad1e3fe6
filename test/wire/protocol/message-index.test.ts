import { expect } from 'chai';
import { indexMessages } from '../../../src/wire/protocol/message-index.ts';
import { RAW_PROTOCOL } from '../../../src/model/relay-defaults.ts';
import { documented } from './protocols.ts';

describe('indexMessages()', () => {
  it('has the words of the types', () => {
    expect(indexMessages(RAW_PROTOCOL).types).to.deep.equal(['message']);
    expect(indexMessages(documented().spec).types).to.include.members(['PING', 'READ']);
  });

  it('says which fields messages of a type cannot have', () => {
    const index = indexMessages(documented().spec);
    expect(index.pathFault('sensor', ['READ'])).to.equal(null);
    expect(index.pathFault('sensor', [])).to.equal(null);
    expect(index.pathFault('sensr', ['READ'])).to.equal(
      '"sensr" is no field of messages of type READ: did you mean "sensor"?',
    );
    expect(index.pathFault('a..b', [])).to.include('cannot be read');
  });
});
