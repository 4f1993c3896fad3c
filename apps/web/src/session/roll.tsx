import type { ReactNode } from 'react';

/**
 * The picture beside the words: a roll of photographs, drawn, so that the page needs no file and
 * says what the product is about before a word is read.
 */
interface Scene {
  /** Sky from above to the horizon. */
  readonly sky: readonly [string, string];
  readonly sun: { readonly x: number; readonly y: number; readonly r: number; readonly fill: string };
  /** From far to near, each a ridge across a tile of 100 by 100. */
  readonly ridges: readonly (readonly [path: string, fill: string])[];
}

const scenes: readonly Scene[] = [
  {
    sky: ['#f7c59a', '#fbe8d3'],
    sun: { x: 68, y: 44, r: 11, fill: '#fff6e4' },
    ridges: [
      ['M0 62 L22 46 L40 60 L62 42 L100 66 V100 H0Z', '#c98a6b'],
      ['M0 78 Q30 62 58 74 Q82 84 100 76 V100 H0Z', '#8b5a4b'],
    ],
  },
  {
    sky: ['#9cc4dd', '#e4f0f4'],
    sun: { x: 24, y: 26, r: 8, fill: '#ffffff' },
    ridges: [
      ['M0 58 H100 V100 H0Z', '#4d8ca8'],
      ['M0 74 Q25 69 50 74 Q78 79 100 74 V100 H0Z', '#dcc7a2'],
    ],
  },
  {
    sky: ['#27345c', '#8a6f95'],
    sun: { x: 64, y: 24, r: 6, fill: '#f3ead8' },
    ridges: [
      ['M0 68 L18 52 L34 64 L56 44 L76 62 L100 50 V100 H0Z', '#3d3c63'],
      ['M0 82 Q40 72 100 84 V100 H0Z', '#1f2340'],
    ],
  },
  {
    sky: ['#cfe0c6', '#f3f4e4'],
    sun: { x: 50, y: 34, r: 9, fill: '#fffbe8' },
    ridges: [
      ['M0 60 Q26 44 52 58 Q80 70 100 56 V100 H0Z', '#8fb083'],
      ['M0 76 Q34 62 66 74 Q86 81 100 76 V100 H0Z', '#557a58'],
    ],
  },
  {
    sky: ['#e58f7b', '#f9d3b4'],
    sun: { x: 50, y: 60, r: 16, fill: '#fff0d6' },
    ridges: [
      ['M0 62 H100 V100 H0Z', '#a85a68'],
      ['M0 84 Q50 78 100 86 V100 H0Z', '#5d3550'],
    ],
  },
  {
    sky: ['#d7dde3', '#f4f5f6'],
    sun: { x: 30, y: 30, r: 7, fill: '#ffffff' },
    ridges: [
      ['M0 70 L30 38 L46 56 L66 34 L100 68 V100 H0Z', '#a9b6c2'],
      ['M0 84 Q30 72 60 82 Q84 89 100 84 V100 H0Z', '#eef1f3'],
    ],
  },
];

/** Place and size in columns and rows of a grid, and the scene shown there. */
const tiles: readonly (readonly [column: number, row: number, width: number, height: number, scene: number])[] = [
  [0, 0, 2, 2, 0], [2, 0, 1, 1, 3], [3, 0, 1, 1, 2], [2, 1, 2, 1, 1],
  [0, 2, 1, 1, 5], [1, 2, 1, 1, 4], [2, 2, 1, 2, 2], [3, 2, 1, 1, 0],
  [0, 3, 2, 2, 1], [3, 3, 1, 1, 5], [2, 4, 2, 1, 4],
  [0, 5, 1, 1, 2], [1, 5, 1, 1, 3], [2, 5, 2, 2, 5], [0, 6, 2, 1, 0],
];

const CELL = 100;
const GAP = 4;

export function Roll(): ReactNode {
  return (
    <svg viewBox={`0 0 ${4 * CELL} ${7 * CELL}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <defs>
        {scenes.map(({ sky: [above, below], sun, ridges }, scene) => (
          <g key={below}>
            <linearGradient id={`sky${scene}`} x2="0" y2="1">
              <stop stopColor={above} />
              <stop offset=".75" stopColor={below} />
            </linearGradient>
            <g id={`scene${scene}`}>
              <rect width="100" height="100" fill={`url(#sky${scene})`} />
              <circle cx={sun.x} cy={sun.y} r={sun.r} fill={sun.fill} />
              {ridges.map(([path, fill]) => (
                <path key={path} d={path} fill={fill} />
              ))}
            </g>
          </g>
        ))}
      </defs>
      {tiles.map(([column, row, width, height, scene]) => (
        <svg key={`${column}/${row}`} x={column * CELL + GAP / 2} y={row * CELL + GAP / 2} width={width * CELL - GAP} height={height * CELL - GAP} viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice">
          <use href={`#scene${scene}`} />
        </svg>
      ))}
    </svg>
  );
}
