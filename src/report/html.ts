// report.html: one file that opens offline, without scripts. Every text in it passes through escapeMarkup.
import { countNodes, countOf } from './text.ts';
import { escapeMarkup } from './escape.ts';
import {
  captureSection,
  expectationSection,
  flowSection,
  linkSection,
  provenanceSection,
  scenarioSection,
  timelineSection,
} from './html-sections.ts';
import { containerSection } from './html-containers.ts';
import { machineSection } from './html-machines.ts';
import { mirrorSection } from './html-mirrors.ts';
import { signalSection } from './html-signals.ts';
import { fileSection } from './html-files.ts';
import type { HtmlExtras, Report } from './report.ts';
import { REPORT_STYLE } from './html-style.ts';

/** Rows that the timeline shows; events.ndjson has all. */
export const MAX_TIMELINE = 300;

export function renderHtml(report: Report, extras: HtmlExtras): string {
  const { manifest, plan } = report;
  const title = `${manifest.scenario}: ${manifest.status}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${escapeMarkup(manifest.scenario)} <span class="status ${manifest.status}">${manifest.status}</span></h1>`,
    plan.description === '' ? '' : `<p>${escapeMarkup(plan.description)}</p>`,
    `<p class="faint">${escapeMarkup(headline(report))}</p>`,
    '</header>',
    '<main>',
    faultSection(report),
    flowSection(report),
    signalSection(report),
    expectationSection(report),
    mirrorSection(report, extras),
    linkSection(report),
    machineSection(report),
    captureSection(report),
    containerSection(report),
    fileSection(report),
    timelineSection(extras, manifest.started),
    scenarioSection(extras.sources),
    provenanceSection(report),
    '</main>',
    '</body>',
    '</html>',
    '',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline({ plan, manifest }: Report): string {
  return [
    ...countNodes(plan),
    countOf(plan.networks.length, 'network'),
    `plan ${manifest.planHash.slice(0, 6)}`,
    `seed ${manifest.seed}`,
    manifest.started,
  ].join(' · ');
}

function faultSection({ manifest: { fault, warnings } }: Report): string {
  const parts: string[] = [];
  if (fault) {
    parts.push(`<p><strong>${escapeMarkup(fault.message)}</strong></p>`);
    if (fault.help !== undefined) parts.push(`<p>${escapeMarkup(fault.help)}</p>`);
  }
  if (warnings.length > 0)
    parts.push(`<ul>${warnings.map((text) => `<li>${escapeMarkup(text)}</li>`).join('')}</ul>`);
  if (parts.length === 0) return '';
  return `<section class="notice" role="note"><h2>${fault ? 'Fault' : 'Warnings'}</h2>${parts.join('')}</section>`;
}
