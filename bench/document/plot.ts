import type { Growth } from '../measure.ts';

export interface Grown extends Growth {
  readonly first: readonly [assets: number, value: number];
  readonly last: readonly [assets: number, value: number];
  /** Of `constant`: how many times the largest costs what the smallest does; of `linear`: that as a share of how many times larger it is. */
  readonly times: number;
  readonly holds: boolean;
}

/** What a change may cost more at the largest size than at the smallest. */
const CONSTANT_AT_MOST = 1.3;
/** Linear with room for what does not grow at all, and for noise. */
const LINEAR_AT_MOST = 1.3;

export function growthOf(growth: Growth): Grown {
  const first = growth.points[0] ?? [1, Number.NaN];
  const last = growth.points.at(-1) ?? first;
  const ratio = last[1] / first[1];
  if (growth.aim === 'constant') return { ...growth, first, last, times: ratio, holds: ratio <= CONSTANT_AT_MOST };
  // From the second size on: at the first, what does not grow at all is most of it.
  const second = growth.points[1] ?? first;
  const times = last[1] / second[1] / (last[0] / second[0]);
  return { ...growth, first, last, times, holds: times <= LINEAR_AT_MOST };
}

const WIDTH = 860;
const HEIGHT = 380;
const PANEL = { width: 360, height: 240, top: 50, lefts: [60, 480] } as const;
const COLOURS = ['#3b6fd4', '#c4621b', '#2f8f5b', '#9b4fb8', '#b8932c'];

/** Two panels with logarithmic axes: what must not grow, and what may grow with the library. */
export function plot(growth: readonly Growth[]): string {
  const panels = (['constant', 'linear'] as const).map((aim, place) => panel(aim === 'constant' ? 'What a change costs' : 'What reads the whole library', growth.filter((each) => each.aim === aim), PANEL.lefts[place] ?? 0));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<style>text { fill: #333 } .axis { stroke: #999; fill: none } .grid { stroke: #ddd } @media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } }</style>
${panels.join('\n')}
</svg>
`;
}

function panel(title: string, series: readonly Growth[], left: number): string {
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return '';
  const x = scale(points.map(([assets]) => assets), left, left + PANEL.width);
  const y = scale(points.map(([, value]) => value), PANEL.top + PANEL.height, PANEL.top);
  const bottom = PANEL.top + PANEL.height;
  const ticks = [
    ...x.decades.map((value) => `<line class="grid" x1="${x.at(value)}" x2="${x.at(value)}" y1="${PANEL.top}" y2="${bottom}"/><text x="${x.at(value)}" y="${bottom + 16}" text-anchor="middle">${short(value)}</text>`),
    ...y.decades.map((value) => `<line class="grid" x1="${left}" x2="${left + PANEL.width}" y1="${y.at(value)}" y2="${y.at(value)}"/><text x="${left - 6}" y="${y.at(value) + 4}" text-anchor="end">${short(value)}</text>`),
  ];
  const lines = series.map(({ operation, unit, points: of }, place) => {
    const colour = COLOURS[place % COLOURS.length] ?? '#000';
    const at = of.map(([assets, value]) => `${x.at(assets)},${y.at(value)}`);
    const dots = at.map((each) => `<circle cx="${each.split(',')[0]}" cy="${each.split(',')[1]}" r="3" fill="${colour}"/>`);
    const legend = `<circle cx="${left + 4}" cy="${bottom + 32 + place * 15}" r="4" fill="${colour}"/><text x="${left + 14}" y="${bottom + 36 + place * 15}">${operation}, ${unit}</text>`;
    return `<polyline points="${at.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${legend}`;
  });
  return `<g><text x="${left}" y="24" font-size="15" font-weight="600">${title}</text><text x="${left}" y="42">by the assets of the library; both axes are logarithmic</text>
${ticks.join('\n')}
<path class="axis" d="M${left} ${PANEL.top}V${bottom}H${left + PANEL.width}"/>
${lines.join('\n')}</g>`;
}

function scale(values: readonly number[], from: number, to: number): { readonly at: (value: number) => number; readonly decades: readonly number[] } {
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const span = Math.max(1, high - low);
  return {
    at: (value) => Math.round((from + ((Math.log10(value) - low) / span) * (to - from)) * 10) / 10,
    decades: Array.from({ length: span + 1 }, (_, step) => 10 ** (low + step)),
  };
}

function short(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`;
  if (value >= 1e3) return `${value / 1e3} k`;
  return String(Number(value.toPrecision(1)));
}
