import type { IpPrefix } from '../../base/addresses.ts';
import { addressFamily } from './family.ts';
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_EXCL } from './message.ts';

const RTM_NEWRULE = 32;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
/** FIB_RULE_INVERT. */
const INVERTED = 2;
const FR_ACT_TO_TBL = 1;

/** A policy routing rule that leads to a table: ip-rule(8). */
export interface Rule {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly table: number;
  readonly from?: IpPrefix;
  readonly to?: IpPrefix;
  readonly fwmark?: number;
  /** The bits of the mark that are compared; absent: all. */
  readonly mask?: number;
  /** The rule is for packets that all of this does not hold for. */
  readonly not?: boolean;
}

export const addRule = (rule: Rule): NetlinkMessage => ({
  type: RTM_NEWRULE,
  flags: NLM_F_CREATE | NLM_F_EXCL,
  body: (out) => {
    out.u8(addressFamily(rule.family));
    out.u8(rule.to?.length ?? 0);
    out.u8(rule.from?.length ?? 0);
    out.u8(0);
    out.u8(rule.table < 256 ? rule.table : 0);
    out.u8(0);
    out.u8(0);
    out.u8(FR_ACT_TO_TBL);
    out.u32(rule.not ? INVERTED : 0);
    if (rule.to) out.attributeBytes(FRA_DST, rule.to.address.bytes);
    if (rule.from) out.attributeBytes(FRA_SRC, rule.from.address.bytes);
    out.attributeU32(FRA_PRIORITY, rule.priority);
    if (rule.fwmark !== undefined) out.attributeU32(FRA_FWMARK, rule.fwmark);
    if (rule.mask !== undefined) out.attributeU32(FRA_FWMASK, rule.mask);
    out.attributeU32(FRA_TABLE, rule.table);
  },
});
