import { expect } from 'chai';
import type { Match } from '../../../../src/model/censor-match.ts';
import {
  conditionsOf,
  conjunctsOf,
  isOverHead,
} from '../../../../src/roles/censor/match/head-field.ts';

const PORT: Match = { field: 'tcp.dstport', ranges: [[443, 443]] };
const TTL: Match = { field: 'ip.ttl', ranges: [[1, 2]] };

describe('roles/censor/match/head-field', () => {
  it('isOverHead() asks every part', () => {
    expect(isOverHead({ all: [PORT, { not: PORT }] })).to.equal(true);
    expect(isOverHead({ any: [PORT, TTL] })).to.equal(false);
    expect(isOverHead({ not: TTL })).to.equal(false);
  });

  it('conjunctsOf() opens what is joined by all, and nothing else', () => {
    const any = { any: [PORT, TTL] };
    expect(conjunctsOf({ all: [PORT, { all: [TTL, any] }] })).to.deep.equal([PORT, TTL, any]);
  });

  it('conditionsOf() finds them anywhere', () => {
    expect(conditionsOf({ all: [{ not: { any: [PORT] } }, TTL] })).to.deep.equal([PORT, TTL]);
  });
});
