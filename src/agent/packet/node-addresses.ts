import { type IpAddress, parsePrefix } from '../../base/addresses.ts';
import type { PlanNode } from '../../model/plan.ts';

/** A node's own addresses, by interface. */
export const nodeAddresses = ({ interfaces }: PlanNode): IpAddress[][] =>
  interfaces.map(({ addresses }) =>
    addresses.flatMap((text) => {
      const prefix = parsePrefix(text);
      return prefix.ok ? [prefix.value.address] : [];
    }),
  );
