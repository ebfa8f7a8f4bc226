/**
 * The style of all reports, as text for one style element. Colours are variables, so that light, dark and paper differ
 * in one place. Each text colour has a contrast of at least 4.5 to 1 on its backgrounds (WCAG 2.2, 1.4.3).
 */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1c2128; --soft: #545d68; --line: #d5dae1;
  --link: #0a58ca; --good: #116329; --warn: #7a4a00; --bad: #a40e26;
  --good-tint: #dcf3e2; --warn-tint: #fbecc8; --bad-tint: #fde3e3; --plain-tint: #e8ebef;
  --mark: #2f6fd0; --mark-soft: #a9c4ee; --idle: #c3cad3; --seam: #ffffff;
  --c0: #cfe0fb; --c1: #d3eed9; --c2: #fae3c3; --c3: #ead9f7; --c4: #fbd7dd; --c5: #cdeeee; --c6: #ece8c2; --c7: #e2e5ea;
}
@media (prefers-color-scheme: dark) { :root {
  --paper: #14181d; --card: #1c2229; --ink: #e6eaef; --soft: #b3bdc8; --line: #343d48;
  --link: #82b4ff; --good: #7ddb98; --warn: #f0c063; --bad: #ff9d9d;
  --good-tint: #173a23; --warn-tint: #42330f; --bad-tint: #4a1d22; --plain-tint: #2b333d;
  --mark: #6ea6f5; --mark-soft: #35527e; --idle: #47515d; --seam: #14181d;
  --c0: #24406b; --c1: #1f4a2c; --c2: #57401a; --c3: #45305a; --c4: #5a2a33; --c5: #1c4a4c; --c6: #49451c; --c7: #353e49;
} }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .4rem .8rem; z-index: 1; }
header, main, footer, nav { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
header p { margin: .35rem 0; color: var(--soft); overflow-wrap: anywhere; }
.kind { font-size: .85rem; letter-spacing: .02em; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .1rem 0 .4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; overflow-wrap: anywhere; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; margin: .9rem 0 0; padding: 0; }
a { color: var(--link); overflow-wrap: anywhere; }
nav a { display: inline-block; padding: .15rem 0; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
p, li { overflow-wrap: anywhere; }
.lead { max-width: 62rem; }
.soft { color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.2rem 0; }
.facts > div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; }
.facts dt { color: var(--soft); font-size: .85rem; }
.facts dd { margin: 0; font-size: 1.2rem; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.facts dd small { display: block; font-size: .85rem; font-weight: 400; color: var(--soft); }
.pairs { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.2rem; margin: .6rem 0; }
.pairs dt { color: var(--soft); }
.pairs dd { margin: 0; overflow-wrap: anywhere; }
code, pre, .mono { font-family: ui-monospace, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .87em; }
pre { margin: .4rem 0; padding: .7rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; line-height: 1.45; }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; background: var(--plain-tint); white-space: nowrap; }
.badge.good { background: var(--good-tint); color: var(--good); }
.badge.warn { background: var(--warn-tint); color: var(--warn); }
.badge.bad { background: var(--bad-tint); color: var(--bad); }
.note { border-left: .25rem solid var(--line); padding: .3rem .9rem; margin: .8rem 0; }
.note.warn { border-color: var(--warn); background: var(--warn-tint); }
.note.bad { border-color: var(--bad); background: var(--bad-tint); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; color: var(--soft); padding: .2rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .32rem .9rem .32rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 600; font-size: .85rem; white-space: nowrap; }
tbody th { font-weight: 400; overflow-wrap: break-word; }
tbody th a { overflow-wrap: inherit; }
tbody td { min-width: 4.5rem; }
td.keep { white-space: pre-wrap; min-width: 12rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td:last-child, th:last-child { padding-right: 0; }
.long tr { content-visibility: auto; contain-intrinsic-height: 2rem; }
details { margin: .5rem 0; }
summary { cursor: pointer; padding: .25rem 0; overflow-wrap: anywhere; }
svg { display: block; }
svg text { fill: var(--ink); font-family: inherit; font-size: 13px; }
svg .soft-text { fill: var(--soft); font-size: 12px; }
.bars td.bar { width: 62%; min-width: 9rem; vertical-align: middle; }
.bars th, .bars td { padding-top: .18rem; padding-bottom: .18rem; }
.bars th { width: 22%; }
.bars tr.part th { padding-left: 1.2rem; color: var(--soft); }
.fill { fill: var(--mark); } .fill-soft { fill: var(--mark-soft); } .fill-idle { fill: var(--idle); }
.fill-good { fill: var(--good); } .fill-bad { fill: var(--bad); }
.band { fill: var(--ink); opacity: .06; } .band.failed { fill: var(--bad); opacity: .16; }
.start { stroke: var(--ink); stroke-width: 2; }
.rule { stroke: var(--line); stroke-width: 1; } .line { fill: none; stroke-width: 2; stroke: var(--mark); }
.line.second { stroke: var(--warn); stroke-dasharray: 5 3; } .dot { fill: var(--mark); } .dot.second { fill: var(--warn); }
${[0, 1, 2, 3, 4, 5, 6, 7].map((index) => `.t${index} { fill: var(--c${index}); }`).join(' ')}
.cell { stroke: var(--seam); stroke-width: 1.5; }
.group-name { font-weight: 600; }
.narrow { display: none; }
figure { margin: .8rem 0; }
figcaption { color: var(--soft); font-size: .9rem; margin: .3rem 0; }
.keys { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .4rem 0; font-size: .9rem; }
.keys svg { display: inline-block; vertical-align: -.1rem; margin-right: .4rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.2rem 2rem; }
.added { color: var(--good); } .removed { color: var(--bad); } .place { color: var(--soft); }
footer { margin-top: 3rem; padding-bottom: 2rem; color: var(--soft); font-size: .88rem; }
footer p { border-top: 1px solid var(--line); padding-top: .8rem; }
@media (max-width: 44rem) {
  body { font-size: 15px; }
  header, main, footer, nav { padding-left: .9rem; padding-right: .9rem; }
  header { padding-top: 1.1rem; }
  h1 { font-size: 1.4rem; }
  .wide { display: none; } .narrow { display: block; }
  .facts { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .5rem; }
  .facts dd { font-size: 1.05rem; }
  .pairs { grid-template-columns: 1fr; gap: 0; } .pairs dd { margin-bottom: .5rem; }
  .bars table, .bars tbody, .bars tr, .bars caption { display: block; } .bars thead { display: none; }
  .bars tr { display: grid; grid-template-columns: 1fr max-content; border-bottom: 1px solid var(--line); }
  .bars th, .bars td { border: 0; width: auto; }
  .bars td.bar { grid-column: 1 / -1; grid-row: 2; width: 100%; padding-right: 0; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --link: #000; }
  body { font-size: 10pt; }
  nav, .skip { display: none; }
  .scroll, pre { overflow: visible; } pre { white-space: pre-wrap; }
  h2, h3 { break-after: avoid; } figure, .facts > div, tr { break-inside: avoid; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .long tr { content-visibility: visible; }
}
`;
