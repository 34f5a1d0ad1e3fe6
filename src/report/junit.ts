import { describeExpectation, describeProof, describeResult } from './describe.ts';
import type { Report } from './report.ts';
import type { Verdict } from '../model/verdict.ts';
import { escapeXml } from './escape.ts';

interface TestCase {
  readonly group: 'run' | 'expectations' | 'flows';
  readonly name: string;
  /** Seconds. */
  readonly time: number;
  readonly problem?: { readonly element: 'failure' | 'error'; readonly message: string };
  readonly output?: string;
}

/** JUnit XML as CI systems read it: one test case an expectation and one a flow; a broken run is an error. */
export function renderJunit(report: Report): string {
  const { manifest } = report;
  const cases = testCases(report);
  const count = (element: string): number =>
    cases.filter(({ problem }) => problem?.element === element).length;
  const seconds = (Date.parse(manifest.ended) - Date.parse(manifest.started)) / 1000;
  const totals = attributes({
    name: manifest.scenario,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    time: seconds.toFixed(3),
  });
  const properties = {
    planHash: manifest.planHash,
    seed: manifest.seed,
    command: manifest.command,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${totals}${attributes({ timestamp: manifest.started })}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property${attributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.map((testCase) => renderCase(manifest.scenario, testCase)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCases({ manifest, expectations, verdicts }: Report): TestCase[] {
  const broken: TestCase[] =
    manifest.status === 'passed' || manifest.status === 'failed'
      ? []
      : [
          {
            group: 'run',
            name: manifest.status,
            time: 0,
            problem: { element: 'error', message: manifest.fault?.message ?? manifest.status },
          },
        ];
  return [
    ...broken,
    ...expectations.map(({ expectation, held, detail }): TestCase => ({
      group: 'expectations',
      name: describeExpectation(expectation),
      time: 0,
      ...(held ? { output: detail } : { problem: { element: 'failure', message: detail } }),
    })),
    ...verdicts.map((verdict): TestCase => ({
      group: 'flows',
      name: verdict.flow,
      time: (verdict.metrics.duration ?? 0) / 1000,
      output: flowOutput(verdict),
    })),
  ];
}

const flowOutput = (verdict: Verdict): string =>
  [describeResult(verdict), verdict.summary, describeProof(verdict)]
    .filter((part, index, parts) => part !== '' && parts.indexOf(part) === index)
    .join('; ');

function renderCase(scenario: string, { group, name, time, problem, output }: TestCase): string {
  const opening = `    <testcase${attributes({ classname: `${scenario}.${group}`, name, time: time.toFixed(3) })}`;
  const { element, message } = problem ?? {};
  const inner = [
    ...(element
      ? [`      <${element}${attributes({ type: group, message: message ?? '' })}/>`]
      : []),
    ...(output ? [`      <system-out>${escapeXml(output)}</system-out>`] : []),
  ];
  return inner.length === 0
    ? `${opening}/>`
    : [`${opening}>`, ...inner, '    </testcase>'].join('\n');
}

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
