/** The style of report.html: the reader's own colour scheme, contrast at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --back: #fff; --fore: #1b1f24; --faint: #57606a; --line: #d0d7de; --good: #116329; --bad: #a40e26; --shade: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --fore: #e6edf3; --faint: #9198a1; --line: #30363d; --good: #56d364; --bad: #ff7b72; --shade: #161b22; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 72rem; background: var(--back); color: var(--fore); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0; } h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; } h4 { margin: 1rem 0 .2rem; font-size: .9rem; }
.faint { color: var(--faint); } .good, .passed { color: var(--good); } .bad, .failed, .broken, .interrupted { color: var(--bad); font-weight: 600; }
.status { font-size: 1rem; vertical-align: middle; border: 1px solid currentColor; border-radius: 1rem; padding: .1rem .7rem; }
.notice { border-left: 4px solid var(--bad); padding: .1rem 1rem; background: var(--shade); }
.table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid var(--line); }
th { color: var(--faint); } td ul { margin: 0; padding-left: 1rem; } .number { text-align: right; font-variant-numeric: tabular-nums; }
pre { overflow-x: auto; padding: 1rem; background: var(--shade); border: 1px solid var(--line); font-size: .85rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
@media print { details > * { display: block; } }
`;
