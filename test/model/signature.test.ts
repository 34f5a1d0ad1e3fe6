import { expect } from 'chai';
import { SIGNATURES, readSignature } from '../../src/model/signature.ts';

describe('readSignature()', () => {
  for (const [typed, meant] of [
    ['<PSH+ACK -> RST+ACK>', '⟨PSH+ACK→RST+ACK⟩'],
    ['<SYN->none>', '⟨SYN→∅⟩'],
    ['<PSH+ACK -> RST != RST>', '⟨PSH+ACK→RST≠RST⟩'],
    ['<PSH+ACK; Data -> RST>', '⟨PSH+ACK;Data→RST⟩'],
    ['<PSH+ACK -> RST; RST0>', '⟨PSH+ACK→RST;RST₀⟩'],
  ] as const)
    it(`takes "${typed}" for ${meant}`, () => {
      expect(readSignature(typed)).to.equal(meant);
      expect(SIGNATURES).to.include(meant);
    });

  it('leaves a signature as it is', () => {
    expect(SIGNATURES.map(readSignature)).to.deep.equal(SIGNATURES);
  });
});
