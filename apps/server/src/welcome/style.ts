/**
 * The page's whole style. One accent, one type scale (ratio 1.25 from 16 px), the system's font;
 * light and dark by the browser's setting.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfaf8, #131416);
  --ink: light-dark(#1b1c1e, #f1f0ee);
  --quiet: light-dark(#62656b, #a2a6ad);
  --line: light-dark(#dedbd5, #34373c);
  --field: light-dark(#ffffff, #1c1e21);
  --accent: light-dark(#b4471f, #f0936b);
  --on-accent: light-dark(#ffffff, #26100a);
  --accent-wash: light-dark(#faeee8, #2c1f1a);
  --small: 0.875rem; --body: 1rem; --large: 1.25rem; --title: clamp(1.953rem, 1.5rem + 1.9vw, 2.441rem);
}
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; min-height: 100dvh; background: var(--ground); color: var(--ink); font: var(--body)/1.5 system-ui, sans-serif; -webkit-font-smoothing: antialiased; }
.page { display: flex; flex-direction: column; width: 100%; max-width: 32rem; min-height: inherit; margin: 0 auto; padding: 2rem 1.5rem 1.5rem; }
.mark { display: flex; align-items: center; gap: 0.625rem; font-size: var(--body); font-weight: 600; letter-spacing: -0.01em; }
.mark svg { width: 1.5rem; height: 1.5rem; color: var(--accent); }
main { margin: auto 0; padding: 2rem 0; }
h1 { font-size: var(--title); line-height: 1.15; font-weight: 650; letter-spacing: -0.025em; text-wrap: balance; }
h2 { margin-top: 2rem; font-size: var(--body); font-weight: 600; }
.lead { margin-top: 0.75rem; color: var(--quiet); text-wrap: pretty; }
form { display: grid; gap: 1.125rem; margin-top: 2rem; }
label { display: grid; gap: 0.375rem; font-size: var(--small); font-weight: 550; }
label small { font-size: var(--small); font-weight: 400; color: var(--quiet); }
input { width: 100%; min-height: 2.875rem; padding: 0.625rem 0.875rem; font: inherit; font-size: var(--body); font-weight: 400; color: inherit; background: var(--field); border: 1px solid var(--line); border-radius: 0.625rem; }
input::placeholder { color: var(--quiet); }
input:focus-visible, button:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
input[aria-invalid] { border-color: var(--accent); }
.code { font-family: ui-monospace, monospace; letter-spacing: 0.02em; }
button { min-height: 3rem; margin-top: 0.375rem; padding: 0.75rem 1.25rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 0.625rem; cursor: pointer; }
button:hover { filter: brightness(1.06); }
.wrong { margin-top: 1.5rem; padding: 0.875rem 1rem; font-size: var(--small); background: var(--accent-wash); border-radius: 0.625rem; }
.wrong strong { display: block; font-weight: 600; }
pre { margin-top: 0.625rem; padding: 0.875rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font: var(--small)/1.6 ui-monospace, monospace; background: var(--field); border: 1px solid var(--line); border-radius: 0.625rem; }
/* An option is not torn apart where the line ends. */
pre span { display: inline-block; }
.after { margin-top: 0.625rem; font-size: var(--small); color: var(--quiet); text-wrap: pretty; }
footer { font-size: var(--small); color: var(--quiet); }
@media (min-width: 60rem) {
  .page { padding: 2.5rem 1.5rem 2rem; }
}
`;
