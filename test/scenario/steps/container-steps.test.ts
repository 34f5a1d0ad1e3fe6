import { expect } from 'chai';
import type { Plan, Step } from '../../../src/model/plan.ts';
import { renderPlan } from '../../../src/scenario/render-plan.ts';
import { PLAN_SYSCTLS } from '../../../src/scenario/steps/node-steps.ts';
import { planOf } from '../compile-text.ts';

const LAB = `version: 1
name: lab
hosts: { client: {} }
containers:
  wall: { build: ./wall, capabilities: [NET_ADMIN] }
  web:
    image: web:1
    entrypoint: [/bin/sh, -c]
    command: ["exec web --name 'a b'"]
    environment: { LANG: C, TOKEN: { secret: { env: HIDDEN } }, KEY: { secret: { file: ./hidden } } }
    mounts: ["./a:/a:ro", { bind: "./b:c", to: /b, readOnly: true }]
  aside: { image: aside, network: docker, pull: always }
  open: { image: open, network: machine }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, wall] }
  outside: { subnet: [10.10.2.0/24, "fd00:2::/64"], members: [wall, web] }
traffic: [{ name: go, on: web, run: [id] }]
`;

const stepOf = (plan: Plan, id: string): Step | undefined =>
  plan.steps.find((step) => step.id === id);

describe('containerSteps()', () => {
  const plan = planOf(LAB);

  it('come first of all, for every stack, and take the place of namespaces', () => {
    expect(plan.steps.slice(0, 5).map(({ id }) => id)).to.deep.equal([
      ...['container:wall', 'container:web', 'container:aside', 'container:open'],
      'namespace:client',
    ]);
    expect(plan.steps.filter(({ do: { kind } }) => kind === 'namespace')).to.have.length(1);
  });

  it('show what a person would type, and how it is undone', () => {
    expect(stepOf(plan, 'container:web')).to.deep.equal({
      id: 'container:web',
      do: { kind: 'container', node: 'web' },
      command:
        'docker run --detach --name web --network none --hostname web --env LANG=C --env TOKEN="$HIDDEN" --env KEY="$(cat ./hidden)"' +
        " --volume ./a:/a:ro --mount type=bind,source=./b:c,target=/b,readonly --stop-timeout 0 --entrypoint /bin/sh web:1 -c 'exec web --name '\\''a b'\\'''" +
        ` && ip netns attach web "$(docker inspect --format '{{.State.Pid}}' web)"`,
      undo: 'docker rm --force --volumes web && ip netns del web',
    });
    expect(stepOf(plan, 'container:wall')?.command).to.match(
      /^docker build --tag runner\.local\/lab\/wall --file \.\/wall\/Dockerfile \.\/wall && docker run .* --pull never .*--cap-add NET_ADMIN/,
    );
    expect(stepOf(plan, 'container:aside')?.command).to.equal(
      'docker run --detach --name aside --network bridge --hostname aside --pull always --stop-timeout 0 aside',
    );
    expect(stepOf(plan, 'container:open')?.command).to.contain('--network host');
    expect(stepOf(plan, 'container:open')?.undo).to.equal('docker rm --force --volumes open');
  });

  it('tell of a secret where it is read', () => {
    expect(renderPlan(plan)).to.contain(
      'TOKEN (secret: variable HIDDEN), KEY (secret: file hidden)',
    );
  });

  it('give no swap beyond the memory, and remove each volume with its last container', () => {
    const { steps } = planOf(`version: 1
name: lab
containers:
  a: { image: a, memory: 64MiB, mounts: ["data:/data", "data:/again", "own:/own"] }
  b: { image: b, mounts: ["data:/data", "late:/late"] }
  c: { image: c, mounts: ["data:/data"] }
`);
    expect(steps[0]?.command).to.contain(' --memory 67108864 --memory-swap 67108864 ');
    expect(steps.slice(0, 3).map(({ undo }) => undo)).to.deep.equal([
      'docker rm --force --volumes a && ip netns del a && docker volume rm data own',
      'docker rm --force --volumes b && ip netns del b && docker volume rm late',
      'docker rm --force --volumes c && ip netns del c',
    ]);
  });

  it('are printed without control characters', () => {
    const printed = renderPlan(
      planOf(
        'version: 1\nname: lab\ncontainers: { a: { image: a, command: [echo, "a\\e[31m\\nb"], environment: { A: "\\u202e" } } }\n',
      ),
    );
    expect(printed).to.contain("'a\\u001b[31m\\u000ab'").and.to.contain('\\u202e');
    expect(printed.replaceAll('\n', '')).not.to.match(/[\p{Cc}\u202e]/u);
  });

  it('leave stacks that are not of the lab as they are', () => {
    const touched = plan.steps.flatMap(({ id, do: action }) =>
      'node' in action && ['aside', 'open'].includes(action.node) ? [id] : [],
    );
    expect(touched).to.deep.equal(['container:aside', 'container:open']);
  });

  it('turn IPv6 on in a container before anything else is set, and not in a host', () => {
    const keys = (node: string): string[] =>
      plan.steps.flatMap(({ do: action }) =>
        action.kind === 'sysctl' && action.node === node ? [action.key] : [],
      );
    expect(keys('web').slice(0, 4)).to.deep.equal([
      'net.ipv6.conf.all.disable_ipv6',
      'net.ipv6.conf.default.disable_ipv6',
      'net.ipv6.conf.lo.disable_ipv6',
      'net.ipv4.ip_forward',
    ]);
    expect(keys('client')[0]).to.equal('net.ipv4.ip_forward');
    for (const key of [...keys('web'), ...keys('wall'), ...keys('client')])
      expect(PLAN_SYSCTLS.has(key), key).to.equal(true);
  });

  it('are what the undo of all that is in a container is implied by', () => {
    expect(stepOf(plan, 'address:web:10.10.2.2/24')?.undo).to.equal('implied by container:web');
    expect(stepOf(plan, 'address:client:10.10.1.1/24')?.undo).to.equal(
      'implied by namespace:client',
    );
  });
});
