import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../../base/fault.ts';
import { findProgram } from '../find-program.ts';
import type { Plan } from '../../../model/plan.ts';
import type { VisitSpec } from '../../../model/visit.ts';

/** Chromium under the names that Debian and others give it. The shell without a window is the smallest, and enough. */
const BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const PACKAGE = 'playwright-core';

/** What visits by a browser need. */
export interface BrowserFiles {
  readonly browser: string;
  /** The main file of the package that drives it. */
  readonly playwright: string;
  /** certutil(1), which tells the browser whom to trust. */
  readonly certutil: string;
}

/** Throws a `Fault` when this machine lacks what the plan's visits need. */
export function checkVisitors({ flows }: Pick<Plan, 'flows'>): void {
  const visits = flows.map(({ probe }) => probe).filter(isVisit);
  if (visits.some((visit) => visit.with === 'chromium')) findBrowser();
  if (visits.some((visit) => visit.with === 'curl')) findCurl();
}

const isVisit = (probe: { readonly kind: string }): probe is VisitSpec => probe.kind === 'visit';

export function findBrowser(): BrowserFiles {
  const browser = BROWSERS.map(findProgram).find((file) => file !== undefined);
  return {
    browser: browser ?? lacks('a browser: Chromium', 'chromium-headless-shell'),
    playwright: findPackage(),
    certutil: findProgram('certutil') ?? lacks('the program "certutil"', 'libnss3-tools'),
  };
}

export const findCurl = (): string => findProgram('curl') ?? lacks('the program "curl"', 'curl');

function lacks(what: string, source: string): never {
  throw new Fault('machine', `A visit needs ${what}, which is not installed`, {
    help: `Run "sudo apt-get install ${source}"`,
  });
}

/** Of this program's surroundings, or, where that came to another machine without it, of the person there or of the whole machine. */
function findPackage(): string {
  const below = [homedir(), join(process.execPath, '../../lib'), '/usr/local/lib', '/usr/lib'];
  for (const from of [import.meta.url, ...below.map((folder) => join(folder, 'package.json'))]) {
    try {
      return createRequire(from).resolve(PACKAGE);
    } catch {
      // Not there: the next place may have it.
    }
  }
  throw new Fault('machine', `A visit with Chromium needs npm "${PACKAGE}", which was not found`, {
    help: `Run "npm install --global ${PACKAGE}"`,
  });
}
