import { expect } from 'chai';
import { planMemory } from '../../../src/agent/packet/memory-plan.ts';

const interfaces = (
  count: number,
  mtu = 1500,
  offload = false,
): { mtu: number; offload: boolean }[] => Array.from({ length: count }, () => ({ mtu, offload }));

describe('agent/packet/memory-plan', () => {
  for (const [what, list, slotBytes, ringSlots] of [
    ['two interfaces', interfaces(2), 2048, 4096],
    ['a hundred interfaces share', interfaces(100), 2048, 256],
    ['a thousand have the least', interfaces(1000), 2048, 128],
    ['jumbo frames', interfaces(2, 9000), 16_384, 512],
    ['segmentation offload', interfaces(2, 1500, true), 131_072, 128],
    ['one of them offloads', [...interfaces(1), ...interfaces(1, 1500, true)], 131_072, 128],
    ['small MTUs', interfaces(2, 576), 2048, 4096],
  ] as const)
    it(`planMemory() sizes rings: ${what}`, () => {
      const plan = planMemory(list);
      expect([plan.ring.slotBytes, plan.ring.slots]).to.deep.equal([slotBytes, ringSlots]);
      expect(plan.totalBytes).to.be.below(2 ** 31);
      expect(plan.totalBytes).to.be.at.least(slotBytes * ringSlots * list.length + plan.poolBytes);
    });
});
