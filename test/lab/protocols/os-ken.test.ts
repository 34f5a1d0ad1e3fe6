// Whether os-ken (Debian's python3-os-ken) means by the bytes of OpenFlow what our description does.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseIp, parseMac } from '../../../src/base/addresses.ts';
import type { Field, Message } from '../../../src/wire/protocol/contract.ts';
import { ROOT } from '../../scenario/compile-text.ts';
import { LITERALS } from '../../wire/protocol/openflow-literals.ts';
import { rewritten, settingsOf, shipped } from '../../wire/protocol/protocols.ts';

const OPENFLOW = shipped('openflow');

/** What controllers say: os-ken builds these, and does not read them. */
const OF_CONTROLLERS =
  /^(FLOW_MOD|GROUP_MOD|PORT_MOD|TABLE_MOD|METER_MOD|PACKET_OUT|SET_.*|.*_REQUEST)$/;

/** Of elements, os-ken knows this one alone, and does not build it. */
const HELLO = { version: 'OF1.3', xid: 42, 'elements[0].bitmaps[0].bitmap': 'OF1.0+OF1.3' };

interface Told {
  readonly source: 'read' | 'built';
  readonly name: string;
  readonly hex: string;
  readonly leaves: Readonly<Record<string, string | { readonly hex: string }>>;
}

/** What its script says to an input, given arguments. */
async function runOsKen(words: readonly string[], input: string): Promise<string> {
  const script = join(ROOT, 'test/lab/protocols/os-ken.py');
  return new Promise<string>((resolve, reject) => {
    // Debian's packages are those of its own interpreter, whichever is first on PATH.
    const argv = [script, ...words];
    const child = execFile('/usr/bin/python3', argv, { maxBuffer: 2 ** 24 }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(new Error(error.message));
    });
    child.stdin?.end(input);
  });
}

/** Messages as os-ken reads them, and those that it builds. */
async function askOsKen(messages: readonly string[]): Promise<readonly Told[]> {
  const lines = (await runOsKen([], messages.join('\n'))).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Told);
}

/** What os-ken calls by other names, or keeps in lists. */
function ourPath(message: Message, path: string): string {
  const multipart = message.find('multipart_type')[0] ?? message.find('stats_type')[0];
  const list = message.root.children.findLast((field) => field.type.kind === 'list');
  const listed = list === undefined ? '' : list.path;
  if (path === 'type') {
    if (message.type === 'ERROR') return 'error_type';
    return multipart?.path ?? 'group_type';
  }
  const [, index = '', inner = path] = /^body(\[\d+\])?\.(.*)$/.exec(path) ?? [];
  const outer = inner === path || listed === '' ? '' : `${listed}${index || '[0]'}.`;
  return (outer + inner)
    .replace(/^((packet_in|port_status|flow_removed)_mask)\[0\]$/, '$1')
    .replace(/^((packet_in|port_status|flow_removed)_mask)\[1\]$/, '$1_slave')
    .replace(/^(max_groups|actions)\[([0-3])\]$/, (_, name: string, at: string) => {
      const types = ['all', 'select', 'indirect', 'ff'];
      return `${name}_${types[Number(at)] ?? ''}`;
    })
    .replace(/(instruction|action)_ids\[(\d+)\]\._?type$/, '$1_ids[$2].type')
    .replace(/\.table_ids\[(\d+)\]$/, '.next_table_ids[$1].table_id')
    .replace(/^(actions\[\d+\]\.)(tos|tp)$/, (_, action: string, name: string) =>
      name === 'tp' ? `${action}tp_port` : `${action}nw_tos`,
    );
}

/** All that a field may be called. */
function formsOf(field: Field, { bytes }: Message): readonly string[] {
  const own = Buffer.from(bytes.subarray(field.start, field.end));
  const number = own.length > 0 && own.length <= 8 ? BigInt(`0x${own.toString('hex')}`) : null;
  const value = field.value instanceof Uint8Array ? own.toString('latin1') : String(field.value);
  return [
    value,
    own.toString('hex'),
    ...(number === null ? [] : [String(number)]),
    field.word ?? value,
  ];
}

/** Addresses as their bytes, so that no spelling counts. */
function spelled(text: string): string {
  const address = /^[\da-f]{2}(:[\da-f]{2}){5}$/.test(text) ? parseMac(text) : parseIp(text);
  if (!address.ok) return text;
  const bytes = address.value instanceof Uint8Array ? address.value : address.value.bytes;
  return Buffer.from(bytes).toString('hex');
}

/** Enums, with the version whose words they are and what these begin with in the specification. */
const PREFIXES: Readonly<Record<string, readonly [version: string, prefix: string]>> = {
  'types-1.0': ['1.0', 'OFPT_'],
  'types-1.2': ['1.2', 'OFPT_'],
  'types-1.3': ['1.3', 'OFPT_'],
  'config-flags': ['1.3', 'OFPC_'],
  'packet-in-reasons-1.0': ['1.0', 'OFPR_'],
  'packet-in-reasons-1.3': ['1.3', 'OFPR_'],
  'flow-mod-commands': ['1.3', 'OFPFC_'],
  'flow-mod-flags-1.0': ['1.0', 'OFPFF_'],
  'flow-mod-flags-1.3': ['1.3', 'OFPFF_'],
  'flow-removed-reasons': ['1.3', 'OFPRR_'],
  'port-reasons': ['1.3', 'OFPPR_'],
  'ports-1.0': ['1.0', 'OFPP_'],
  'ports-1.3': ['1.3', 'OFPP_'],
  tables: ['1.3', 'OFPTT_'],
  queues: ['1.3', 'OFPQ_'],
  groups: ['1.3', 'OFPG_'],
  meters: ['1.3', 'OFPM_'],
  'capabilities-1.0': ['1.0', 'OFPC_'],
  'capabilities-1.3': ['1.3', 'OFPC_'],
  'port-config-1.0': ['1.0', 'OFPPC_'],
  'port-config-1.3': ['1.3', 'OFPPC_'],
  'port-state-1.0': ['1.0', 'OFPPS_'],
  'port-state-1.3': ['1.3', 'OFPPS_'],
  'port-features-1.0': ['1.0', 'OFPPF_'],
  'port-features-1.3': ['1.3', 'OFPPF_'],
  wildcards: ['1.0', 'OFPFW_'],
  'ipv6-headers': ['1.3', 'OFPIEH_'],
  'match-types': ['1.3', 'OFPMT_'],
  'oxm-classes': ['1.3', 'OFPXMC_'],
  'actions-1.0': ['1.0', 'OFPAT_'],
  'actions-1.3': ['1.3', 'OFPAT_'],
  instructions: ['1.3', 'OFPIT_'],
  'group-commands': ['1.3', 'OFPGC_'],
  'group-types': ['1.3', 'OFPGT_'],
  'group-capabilities': ['1.3', 'OFPGFC_'],
  'meter-commands': ['1.3', 'OFPMC_'],
  'meter-flags': ['1.3', 'OFPMF_'],
  'band-types': ['1.3', 'OFPMBT_'],
  'stats-types': ['1.0', 'OFPST_'],
  'multipart-types': ['1.3', 'OFPMP_'],
  'request-flags': ['1.3', 'OFPMPF_'],
  'reply-flags': ['1.3', 'OFPMPF_'],
  'table-properties': ['1.3', 'OFPTFPT_'],
  'queue-properties-1.0': ['1.0', 'OFPQT_'],
  'queue-properties-1.3': ['1.3', 'OFPQT_'],
  roles: ['1.3', 'OFPCR_ROLE_'],
  'errors-1.0': ['1.0', 'OFPET_'],
  'errors-1.3': ['1.3', 'OFPET_'],
  'hello-failed': ['1.3', 'OFPHFC_'],
  'bad-request-1.0': ['1.0', 'OFPBRC_'],
  'bad-request-1.3': ['1.3', 'OFPBRC_'],
  'bad-action-1.0': ['1.0', 'OFPBAC_'],
  'bad-action-1.3': ['1.3', 'OFPBAC_'],
  'bad-instruction': ['1.3', 'OFPBIC_'],
  'bad-match': ['1.3', 'OFPBMC_'],
  'flow-mod-failed-1.0': ['1.0', 'OFPFMFC_'],
  'flow-mod-failed-1.3': ['1.3', 'OFPFMFC_'],
  'group-mod-failed': ['1.3', 'OFPGMFC_'],
  'port-mod-failed-1.0': ['1.0', 'OFPPMFC_'],
  'port-mod-failed-1.3': ['1.3', 'OFPPMFC_'],
  'table-mod-failed': ['1.3', 'OFPTMFC_'],
  'queue-op-failed': ['1.3', 'OFPQOFC_'],
  'switch-config-failed': ['1.3', 'OFPSCFC_'],
  'role-request-failed': ['1.3', 'OFPRRFC_'],
  'meter-mod-failed': ['1.3', 'OFPMMFC_'],
  'table-features-failed': ['1.3', 'OFPTFFC_'],
};

describe('openflow and os-ken', function () {
  this.timeout(60_000);
  let told: readonly Told[] = [];
  before(async () => {
    const ofSwitches = LITERALS.filter(({ type }) => !OF_CONTROLLERS.test(type));
    const hello = OPENFLOW.write('HELLO', settingsOf(HELLO), 'client');
    told = await askOsKen([
      ...ofSwitches.map(({ hex }) => hex),
      Buffer.from(hello).toString('hex'),
    ]);
  });

  it('have messages of all types of both versions in common', () => {
    const types = { 1: new Set<string>(), 4: new Set<string>() };
    for (const { hex } of told) {
      const bytes = Buffer.from(hex, 'hex');
      types[bytes[0] === 1 ? 1 : 4].add(OPENFLOW.typeOf(bytes, 'client'));
    }
    expect(types[1].size).to.equal(22);
    expect(types[4].size).to.equal(30);
    expect(told.filter(({ source }) => source === 'read')).to.have.length.above(55);
    expect(told.filter(({ source }) => source === 'built')).to.have.length.above(50);
  });

  it('agree on what each field says', () => {
    for (const { name, hex, leaves } of told) {
      const message = OPENFLOW.read(Buffer.from(hex, 'hex'), 'client');
      expect(message.fault, name).to.equal(null);
      for (const [path, said] of Object.entries(leaves)) {
        const [field, ...further] = message.find(ourPath(message, path));
        const where = `${name}: ${path}`;
        if (field === undefined) throw new Error(`${where} is not found`);
        expect(further, where).to.deep.equal([]);
        const value = typeof said === 'string' ? said : said.hex;
        const forms = formsOf(field, message);
        // Text of a fixed room comes without its zeros.
        const text = Buffer.from(forms[0] ?? '', 'latin1').toString('hex');
        expect([...forms, text], where).to.satisfy(
          (all: readonly string[]) => all.includes(value) || all.includes(spelled(value)),
        );
      }
    }
  });

  it('agree on the bytes of what os-ken builds', () => {
    for (const { name, hex } of told) {
      const message = OPENFLOW.read(Buffer.from(hex, 'hex'), 'client');
      expect(Buffer.from(rewritten(OPENFLOW, message, 'client')).toString('hex'), name).to.equal(
        hex,
      );
    }
  });

  it('agree on the numbers of names', async () => {
    const output = await runOsKen(['constants'], '');
    const numbers = JSON.parse(output) as Record<string, Record<string, number>>;
    for (const [name, [version, prefix]] of Object.entries(PREFIXES))
      for (const [word, number] of Object.entries(OPENFLOW.spec.enums[name] ?? {}))
        // Types of messages that came after 1.3 are among its own.
        expect(
          numbers[version]?.[prefix + word] ?? numbers['1.5']?.[prefix + word],
          prefix + word,
        ).to.equal(number);
  });
});
