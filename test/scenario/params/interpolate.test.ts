import { expect } from 'chai';
import { compileText, placesOf, planOf } from '../compile-text.ts';

const lab = (params: string, argument: string): string => `version: 1
name: lab
params: { ${params} }
hosts: { a: {} }
traffic:
  - { name: go, from: a, run: [echo, ${argument}] }
`;

const argumentOf = (params: string, argument: string): string | undefined => {
  const probe = planOf(lab(params, argument)).flows[0]?.probe;
  return probe?.kind === 'run' ? probe.argv[1] : undefined;
};

describe('interpolate()', () => {
  it('fills a parameter into a text, as often as it is there', () => {
    const params = 'x: { type: string, default: one }, n: { type: integer, default: 7 }';
    expect(argumentOf(params, '"<${params.x}-${params.n}-${params.x}>"')).to.equal('<one-7-one>');
  });

  it('leaves "$${" as "${"', () => {
    expect(argumentOf('', '"$${HOME} $${params.x}"')).to.equal('${HOME} ${params.x}');
  });

  it('does not look for parameters in what a parameter holds', () => {
    expect(argumentOf("x: { type: string, default: '$${params.x}' }", '"${params.x}"')).to.equal(
      '$${params.x}',
    );
  });

  it('keeps the type of a value that is nothing but a parameter', () => {
    const text = (type: string, value: string): string => `version: 1
name: lab
params: { port: { type: ${type}, default: ${value} } }
hosts: { a: {} }
traffic: [{ name: web, on: a, serve: { http: { port: "\${params.port}" } } }]
`;
    expect(planOf(text('port', '8080')).services[0]?.serve.port).to.equal(8080);
    expect(placesOf(compileText(text('string', '"8080"')))).to.deep.equal(['S042 5:54']);
    expect(placesOf(compileText(text('integer', '99999')))).to.deep.equal(['S045 5:54']);
  });

  it('gives its text where only text will do', () => {
    const params = 'p: { type: port, default: 8080 }, b: { type: boolean, default: true }';
    expect(argumentOf(params, '"${params.p}"')).to.equal('8080');
    expect(argumentOf(params, '"${params.b}"')).to.equal('true');
    const { nodes } = planOf(`version: 1
name: lab
params: { uid: { type: integer, default: 1000 } }
containers:
  a: { image: a, user: "\${params.uid}", command: [id, "\${params.uid}"], pids: "\${params.uid}" }
`);
    expect(nodes[0]?.container).to.deep.include({ user: '1000', pids: 1000 });
    expect(nodes[0]?.container?.command).to.deep.equal(['id', '1000']);
    expect(placesOf(compileText(lab('', '8080')))).to.deep.equal(['S042 6:38']);
  });

  it('finds fault with what is not closed, empty or of another kind', () => {
    for (const hole of ['${params.x', '${}', '${env.HOME}', '${params.}', '${params.a.b}'])
      expect(
        placesOf(compileText(lab('x: { type: string, default: y }', `"${hole}"`))),
      ).to.deep.equal(['S031 6:38'], hole);
  });
});
