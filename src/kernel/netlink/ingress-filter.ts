// What an interface lets in, by a program of classic BPF: tc-bpf(8) with `direct-action`, on the ingress hook of clsact.
import { type NetlinkMessage, NLM_F_CREATE, NLM_F_REPLACE } from './message.ts';

const RTM_NEWQDISC = 36;
const RTM_NEWTFILTER = 44;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_BPF_OPS_LEN = 4;
const TCA_BPF_OPS = 5;
const TCA_BPF_FLAGS = 8;
const TCA_BPF_FLAG_ACT_DIRECT = 1;
const TC_H_CLSACT = 0xffff_fff1;
const CLSACT_HANDLE = 0xffff_0000;
const INGRESS = 0xffff_fff2;
/** Priority 1, ETH_P_ALL in the network's order. */
const FIRST_OF_ALL = 0x0001_0300;
const INSTRUCTION_BYTES = 8;

/** What the program answers: go on, or end here (linux/pkt_cls.h: TC_ACT_UNSPEC, TC_ACT_SHOT). */
export const INGRESS_VERDICT = { pass: 0xffff_ffff, drop: 2 } as const;

/** Gives an interface the hook that filters hang on. */
export const addIngressHook = (index: number): NetlinkMessage => ({
  type: RTM_NEWQDISC,
  flags: NLM_F_CREATE,
  body: (out) => {
    writeHeader(out, index, CLSACT_HANDLE, TC_H_CLSACT, 0);
    out.attributeText(TCA_KIND, 'clsact');
  },
});

/** Puts `program` (of `FilterProgram.encode`) in the place of the last one at once: no packet meets none. */
export const setIngressFilter = (
  index: number,
  program: Uint8Array,
  mayCreate: boolean,
): NetlinkMessage => ({
  type: RTM_NEWTFILTER,
  flags: NLM_F_REPLACE | (mayCreate ? NLM_F_CREATE : 0),
  body: (out) => {
    writeHeader(out, index, 1, INGRESS, FIRST_OF_ALL);
    out.attributeText(TCA_KIND, 'bpf');
    out.nested(TCA_OPTIONS, () => {
      out.attributeU32(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
      out.attribute(TCA_BPF_OPS_LEN, () => out.u16(program.length / INSTRUCTION_BYTES));
      out.attributeBytes(TCA_BPF_OPS, program);
    });
  },
});

/** struct tcmsg (linux/rtnetlink.h). */
function writeHeader(
  out: Parameters<NetlinkMessage['body']>[0],
  index: number,
  handle: number,
  parent: number,
  info: number,
): void {
  out.u32(0);
  out.u32(index);
  out.u32(handle);
  out.u32(parent);
  out.u32(info);
}
