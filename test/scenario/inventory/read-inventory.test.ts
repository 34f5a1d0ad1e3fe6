import { expect } from 'chai';
import fc from 'fast-check';
import { Faults } from '../../../src/scenario/faults.ts';
import type { Inventory, MachineDraft } from '../../../src/scenario/inventory/inventory.ts';
import { readInventory } from '../../../src/scenario/inventory/read-inventory.ts';

interface Read {
  readonly inventory: Inventory;
  readonly faults: readonly string[];
}

function read(text: string, file = 'hosts.ini'): Read {
  const faults = new Faults();
  const inventory = readInventory(file, text, (path) => `at/${path}`, faults);
  const said = faults.sorted([file]).map(({ code, span }) => `${code} ${span.line}:${span.column}`);
  return { inventory, faults: said };
}

const draftOf = ({ inventory }: Read, name: string): MachineDraft | undefined =>
  inventory.machines.get(name)?.draft;

const CODES_OF = ({ inventory }: Read, name: string): readonly string[] =>
  (inventory.machines.get(name)?.troubles ?? []).map(({ code }) => code);

describe('readInventory() of INI', () => {
  const COMPS = read(
    `
# Five proxies and two servers of computation.
gate.example.org:2200
[vpn]
vpn[1:2] ansible_host=198.51.100.7   ; of a provider
vpn3 ansible_ssh_host="2001:db8::3" ansible_user='root' # last
[comp]
comp1 ansible_port=22022 ansible_become=false
me ansible_connection=local
[proxies:children]
vpn
[proxies:vars]
ansible_user = lab
ansible_become = yes
ansible_ssh_private_key_file = "keys/all key"
[all:vars]
ansible_user=ubuntu
ansible_ssh_common_args='-o ProxyCommand="ssh -W %h:%p -q -p 2200 lab@gate.example.org"'
`.replace('   ; of a provider', ''),
  );

  it('has groups in order, with their children', () => {
    expect(COMPS.faults).to.deep.equal([]);
    expect(COMPS.inventory.groups.get('vpn')).to.deep.equal(['vpn1', 'vpn2', 'vpn3']);
    expect(COMPS.inventory.groups.get('proxies')).to.deep.equal(['vpn1', 'vpn2', 'vpn3']);
    expect(COMPS.inventory.groups.get('comp')).to.deep.equal(['comp1', 'me']);
    expect(COMPS.inventory.groups.get('ungrouped')).to.deep.equal(['gate.example.org']);
    expect(COMPS.inventory.groups.get('all')).to.have.length(6);
  });

  it('lets a host win over its group, and a group over all', () => {
    const jumps = [{ host: 'gate.example.org', port: 2200, user: 'lab' }];
    const group = { identities: ['at/keys/all key'], become: 'sudo', jumps };
    expect(draftOf(COMPS, 'vpn1')).to.deep.equal({ host: '198.51.100.7', user: 'lab', ...group });
    expect(draftOf(COMPS, 'vpn3')).to.deep.equal({ host: '2001:db8::3', user: 'root', ...group });
    expect(draftOf(COMPS, 'comp1')).to.deep.equal({
      host: 'comp1',
      port: 22022,
      user: 'ubuntu',
      become: false,
      jumps,
    });
    expect(draftOf(COMPS, 'gate.example.org')?.port).to.equal(2200);
    expect(COMPS.inventory.machines.get('me')?.isLocal).to.equal(true);
  });

  it('reads the ways through ssh arguments', () => {
    const jumpsOf = (words: string): MachineDraft['jumps'] =>
      draftOf(read(`a ansible_ssh_common_args="${words}"`), 'a')?.jumps;
    const gate = [{ host: 'gate', port: null, user: 'lab' }];
    for (const words of [
      '-J lab@gate',
      '-Jlab@gate',
      '-o ProxyJump=lab@gate',
      "-o 'ProxyJump lab@gate' -A",
    ])
      expect(jumpsOf(words), words).to.deep.equal(gate);
    expect(
      CODES_OF(read(`a ansible_ssh_common_args='-o ProxyCommand="nc %h %p"'`), 'a'),
    ).to.deep.equal(['S142']);
  });

  it('goes the first way and knows the first known hosts, as ssh does', () => {
    const args = (words: string): Read => read(`a ansible_ssh_args='${words}'`);
    const gate = { host: 'gate', port: null, user: null };
    const inner = { host: 'inner', port: null, user: null };
    const first = args('-J gate -o ProxyJump=late -o UserKnownHostsFile=x -o UserKnownHostsFile=y');
    expect(draftOf(first, 'a')?.jumps).to.deep.equal([gate]);
    expect(draftOf(first, 'a')?.knownHosts).to.deep.equal(['at/x']);
    const through = args('-o ProxyCommand="ssh -J gate -W %h:%p inner" -J late');
    expect(draftOf(through, 'a')?.jumps).to.deep.equal([gate, inner]);
    expect(draftOf(args('-o ProxyCommand=none -J late'), 'a')?.jumps).to.deep.equal([]);
    const keyed = args('-o ProxyCommand="ssh -i key -q -W %h:%p gate"');
    expect(draftOf(keyed, 'a')?.jumps).to.deep.equal([gate]);
    expect(CODES_OF(keyed, 'a')).to.deep.equal(['S148']);
    expect(
      CODES_OF(args('-o ProxyCommand="ssh -o ProxyCommand=x -W %h:%p gate"'), 'a'),
    ).to.deep.equal(['S142']);
  });

  it('lets the group of the greater priority win', () => {
    const text = '[b]\nx\n[a]\nx\n[a:vars]\nansible_user=a\n[b:vars]\nansible_user=b\n';
    expect(draftOf(read(text), 'x')?.user).to.equal('b');
    const prior = text.replace('[a:vars]', '[a:vars]\nansible_group_priority=10');
    expect(draftOf(read(prior), 'x')?.user).to.equal('a');
  });

  it('refuses control characters in hosts and users', () => {
    expect(CODES_OF(read('a ansible_host=x\u001b[2Jy ansible_user=r\u0007'), 'a')).to.deep.equal([
      'S142',
      'S142',
    ]);
  });

  it('tells no password in what it says', () => {
    const faults = new Faults();
    const text = 'a ansible_password = hunter2\n[all:vars]\nansible_password hunter2\n';
    readInventory('hosts.ini', text, (path) => path, faults);
    expect(JSON.stringify(faults.sorted([])))
      .to.contain('S140')
      .and.not.contain('hunter2');
    const way = '-o ProxyCommand="sshpass -p hunter2 ssh -W %h:%p gate"';
    const { troubles } = read(`a ansible_ssh_args='${way}'`).inventory.machines.get('a') ?? {};
    expect(JSON.stringify(troubles)).to.contain('S142').and.not.contain('hunter2');
  });

  it('keeps what is wrong with a machine with that machine', () => {
    const odd = read(
      `a ansible_host="{{ x }}"\nb ansible_connection=winrm ansible_password=x\nc other=1`,
    );
    expect(odd.faults).to.deep.equal([]);
    expect(CODES_OF(odd, 'a')).to.deep.equal(['S142']);
    expect(CODES_OF(odd, 'b')).to.deep.equal(['S142', 'S148']);
    expect(CODES_OF(odd, 'c')).to.deep.equal([]);
  });

  it('refuses groups that are children of each other', () => {
    const { faults, inventory } = read('[a:children]\nb\n[b:children]\na\n');
    expect(faults).to.have.length(1);
    expect(inventory.isWhole).to.equal(false);
  });

  it('says how YAML is read', () => {
    expect(read('all:\n  hosts:\n    a: {}\n', 'hosts.yml').faults).to.deep.equal(['S140 1:1']);
  });

  it('never throws', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('[a]', '[a:children]', '[a:vars]', 'a', 'b', 'a[1:3]', 'ansible_host=x'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        read(lines.join('\n'));
      }),
    );
  });
});

describe('readInventory() of JSON', () => {
  it("reads a dynamic inventory of Ansible's", () => {
    const json = read(
      JSON.stringify({
        _meta: { hostvars: { a: { ansible_host: '198.51.100.7', ansible_port: 2222, list: [] } } },
        all: { children: ['ungrouped', 'vpn'] },
        vpn: { hosts: ['a', 'b'], vars: { ansible_user: 'lab' } },
        comp: ['c'],
      }),
    );
    expect(json.faults).to.deep.equal([]);
    expect(json.inventory.groups.get('vpn')).to.deep.equal(['a', 'b']);
    expect(json.inventory.groups.get('comp')).to.deep.equal(['c']);
    expect(draftOf(json, 'a')).to.deep.equal({ host: '198.51.100.7', port: 2222, user: 'lab' });
  });

  it('reads outputs of Terraform', () => {
    const value = {
      edge: { ipv4_address: '198.51.100.7', user: 'root', groups: ['vpn'], underlay: '10.0.0.7' },
      core: '198.51.100.8',
    };
    const json = read(
      JSON.stringify({
        machines: { sensitive: false, type: 'x', value },
        other: { sensitive: true, type: 'string', value: 'secret' },
      }),
    );
    expect(json.faults).to.deep.equal([]);
    expect(json.inventory.groups.get('vpn')).to.deep.equal(['edge']);
    expect(draftOf(json, 'core')).to.deep.equal({ host: '198.51.100.8' });
    expect(draftOf(json, 'edge')?.address?.value).to.equal('10.0.0.7');
  });

  it('reads machines in the words of a scenario, and says what is wrong with them', () => {
    const text = `{ "machines": {
  "edge": { "ssh": { "host": "198.51.100.7", "port": 2222 }, "become": "sudo", "deadMan": "90s" },
  "core": { "ssh": { "hots": "x" } }
}, "groups": { "vpn": ["edge"] } }`;
    const json = read(text);
    expect(json.faults).to.deep.equal(['S040 3:22']);
    expect(json.inventory.groups.get('vpn')).to.deep.equal(['edge']);
    expect(draftOf(json, 'edge')).to.deep.equal({
      host: '198.51.100.7',
      port: 2222,
      become: 'sudo',
      deadMan: 90_000,
    });
  });

  it('refuses what is none of them', () => {
    expect(read('{ "x": 1 }').faults).to.deep.equal(['S140 1:1']);
    expect(read('{ "x": ').faults).to.deep.equal(['S140 1:8']);
    expect(read('[{ "host": "x" }]').faults).to.deep.equal(['S140 1:1']);
    expect(read('["x"]').faults).to.deep.equal(['S140 1:1']);
    expect(read('{ "machines": { "sensitive": false, "value": ["x"] } }').faults).to.deep.equal([
      'S140 1:46',
    ]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('machines', 'x', '_meta', 'groups'),
        (value, key) => {
          read(JSON.stringify({ [key]: value }));
          read(JSON.stringify({ [key]: { value, sensitive: false } }));
        },
      ),
    );
  });
});
