/** The one stylesheet: light and dark as the reader's system says, wide and narrow, without a font or picture of others. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f4f6f9;--line:#d5dae1;--ink:#16191d;--quiet:#555d68;--link:#0b57d0;--red:#b3141d;--red-bg:#fdecec;--amber:#7a4b00;--amber-bg:#fff3dc;--green:#0f6b32;--green-bg:#e5f5ea;--bar:#3b76d6;--bar2:#a9b4c4}
@media (prefers-color-scheme:dark){:root{--bg:#14171b;--soft:#1d2127;--line:#363c45;--ink:#e8eaed;--quiet:#a5adb8;--link:#8ab4f8;--red:#ff9d9d;--red-bg:#3a1a1c;--amber:#f6c66b;--amber-bg:#35280f;--green:#83d9a0;--green-bg:#15301f;--bar:#6ea0ec;--bar2:#58616e}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--ink);scrollbar-gutter:stable}
body{margin:0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
main:focus{outline:none}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px;z-index:9}
.top{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:space-between;align-items:center;padding:8px 24px;border-bottom:1px solid var(--line)}
.product{margin:0;font-weight:600}
.product a{color:inherit;text-decoration:none}
.tenant{font-weight:400;color:var(--quiet);margin-left:8px}
.operator{display:flex;gap:12px;align-items:center;margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:0 4px;list-style:none;margin:0;padding:0 16px;border-bottom:1px solid var(--line)}
nav a{display:block;white-space:nowrap;padding:8px;text-decoration:none;color:inherit;border-bottom:3px solid transparent}
nav a:hover{border-color:var(--line)}
nav a[aria-current]{border-color:var(--link);font-weight:600}
main{padding:8px 24px 64px;max-width:1280px;margin:0 auto}
h1{font-size:1.5rem;margin:16px 0 8px;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:28px 0 8px}
h3{font-size:1rem;margin:16px 0 4px}
p{margin:6px 0}
bdi,td,dd,li,pre{overflow-wrap:anywhere}
time{white-space:nowrap}
.quiet{color:var(--quiet)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.mark{display:inline-grid;place-items:center;width:1.4em;height:1.4em;border-radius:50%;font-weight:700;font-size:.9em;flex:none}
.red{color:var(--red);background:var(--red-bg)}
.amber{color:var(--amber);background:var(--amber-bg)}
.green{color:var(--green);background:var(--green-bg)}
.plain{color:var(--quiet);background:var(--soft)}
.state{display:inline-block;padding:0 8px;border-radius:10px;font-size:.875rem;white-space:nowrap}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(136px,1fr));gap:12px;padding:0;margin:8px 0;list-style:none}
.cards li{border:1px solid var(--line);border-radius:8px;padding:8px 12px}
.cards b{display:block;font-size:1.5rem;line-height:1.3;font-variant-numeric:tabular-nums}
.cards a{color:inherit;text-decoration:none;display:block}
.cards a:hover span{text-decoration:underline}
.items{list-style:none;padding:0;margin:8px 0}
.items>li{display:flex;gap:12px;border:1px solid var(--line);border-left-width:4px;border-radius:8px;padding:10px 12px;margin:8px 0;background:var(--bg);color:var(--ink)}
.items>li.red{border-left-color:var(--red)}
.items>li.amber{border-left-color:var(--amber)}
.items>li.green{border-left-color:var(--green)}
.items h3{margin:0}
.items .do{margin-left:auto;flex:none;align-self:center}
blockquote{margin:4px 0;padding-left:10px;border-left:3px solid var(--line);color:var(--quiet)}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
caption{text-align:left;color:var(--quiet);padding:4px 0}
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid var(--line)}
th{font-weight:600;white-space:nowrap}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
tbody tr:hover{background:var(--soft)}
td.name{min-width:15em}
.narrow{max-width:30rem}
td.why{min-width:16em;max-width:40em}
td ins,td del{display:block;text-decoration:none}
td ins::before{content:"+ ";color:var(--green)}
td del::before{content:"− ";color:var(--red)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:8px 0}
dt{color:var(--quiet)}
dd{margin:0}
form.filters{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end;margin:8px 0;padding:12px;background:var(--soft);border-radius:8px}
.filters>div{min-width:0;max-width:100%}
.filters select{width:11.5rem}
label{display:block;font-size:.875rem;color:var(--quiet)}
label.tick{display:flex;gap:8px;align-items:center;color:var(--ink);font-size:1rem}
input,select,textarea,button,.button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--quiet);border-radius:6px;padding:5px 10px;max-width:100%}
input[type=search]{min-width:16em}
select{max-width:min(100%,18rem)}
button,.button{white-space:nowrap}
textarea{width:100%;min-height:14em;font:.875rem/1.5 ui-monospace,monospace}
button,.button{cursor:pointer;text-decoration:none;display:inline-block;line-height:1.5}
button:hover,.button:hover{background:var(--soft)}
button.main{background:var(--link);border-color:var(--link);color:var(--bg);font-weight:600}
button.grave{background:var(--red);border-color:var(--red);color:var(--bg);font-weight:600}
.small{padding:1px 8px;font-size:.875rem}
.buttons{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0}
.ask{border:1px solid var(--line);border-radius:8px;padding:12px 16px;max-width:48rem}
.ask.wide{max-width:none}
.ask p.field{margin:12px 0}
.field input{width:min(100%,28rem)}
progress{vertical-align:middle;accent-color:var(--link)}
.notice pre{background:none;padding:0;margin:0}
.notice{border-radius:8px;padding:10px 14px;margin:8px 0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:0 32px}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));gap:16px}
figure{margin:0}
figcaption{font-size:.875rem;color:var(--quiet)}
svg.chart{display:block;width:100%;height:72px}
svg.chart rect{fill:var(--bar)}
svg.chart rect.other{fill:var(--bar2)}
figure .axis{display:flex;justify-content:space-around;font-size:.75rem;color:var(--quiet);white-space:nowrap}
svg.chart line{stroke:var(--red);stroke-dasharray:4 3}
.timeline{list-style:none;padding:0 0 0 16px;border-left:2px solid var(--line);margin:8px 0}
.timeline>li{margin:0 0 14px;position:relative}
.timeline>li::before{content:"";position:absolute;left:-22px;top:.5em;width:10px;height:10px;border-radius:50%;background:var(--bar2)}
.timeline>li.red::before{background:var(--red)}
.timeline>li.green::before{background:var(--green)}
.timeline>li.red,.timeline>li.green{background:none;color:inherit}
.timeline ol{padding-left:20px;margin:2px 0;color:var(--quiet);font-size:.9375rem}
code,pre{font:.875rem/1.5 ui-monospace,monospace}
pre{background:var(--soft);border-radius:8px;padding:12px;overflow-x:auto;white-space:pre-wrap}
details{margin:8px 0}
summary{cursor:pointer}
dialog{border:1px solid var(--line);border-radius:10px;background:var(--bg);color:var(--ink);width:min(44rem,calc(100vw - 32px));max-height:calc(100vh - 32px);padding:16px 20px}
dialog::backdrop{background:rgb(0 0 0/.45)}
dialog h2{margin-top:0}
dialog .ask{border:0;padding:0}
.pages{display:flex;gap:16px;align-items:center;margin:12px 0}
@media (max-width:640px){
.top,main{padding-left:14px;padding-right:14px}
nav ul{padding:0 6px;flex-wrap:nowrap;overflow-x:auto}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:8px}
.items>li{flex-wrap:wrap}
.items .do{margin-left:0;width:100%}
input[type=search]{min-width:0;width:100%}
table.stack thead{display:none}
table.stack caption{display:block}
table.stack,table.stack tbody{display:block}
table.stack tr{display:block;border-bottom:1px solid var(--line);padding:6px 0}
table.stack td{display:block;border:0;padding:1px 0;min-width:0}
table.stack td.number{text-align:left}
table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--quiet)}
}
@media (prefers-reduced-motion:no-preference){dialog[open]{animation:in .12s ease-out}@keyframes in{from{opacity:0}}}
@media print{nav,.operator,.buttons,.filters{display:none}}
`;
