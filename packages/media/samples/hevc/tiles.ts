// Made by make-tiles.ts out of picture.ts: HEVC, Main Still Picture profile, 8 bit 4:2:0. Not to be edited.

/** VPS, SPS and PPS, which all tiles share; base64 of each NAL unit without start code. */
export const parameterSets: readonly string[] = [
  'QAEMAf//A3AAAAMAkAAAAwAAAwAemYoCQA==',
  'QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZZmKkkba5uAhoMCAAADAAIAAAMAAhA=',
  'RAHBcrYiQA==',
]

/** The one slice of each tile, row by row. */
export const tileSlices: readonly string[] = [
  'KAGvBLhDFalrC475fOg81NcnemljX0ndeHizr/07FHXeYcM/hm3//9hL8h+i/ahMOxvUxRWLVNFPFaNwhkhKkgZOIJPDIH2GSXxnePLZ7I/6DimaLJFlxBZTs9tfgZg7OvhougoYbfWsk8LPJTH7503D7L3pBPyM97hfVswGXa6T062Iz+r+j+I/wA==',
  'KAGvBLhDFah6xVl1+OG4dZgtn0+Y5zt257rKCHhx/p2KOqeheYfd9///4O7//+CMGeYjUaB9Jaq8sUTWBmBoVgmgka7bpzpnfJhe1oxsPeJTCYlWb9EqTnVkEg/yLVsaow4bpn/3Tz8tq/Sdh70Bo4DPm+o89vTQ1raAjm04SfRykmq0HowB+qkj54bYejg=',
  'KAGvBLhDFbAH1zk56XHDdfUKwkA0WIrQYoD5awLeWJ/mNAuJN8twP4yR/QfqnZ//2mD3W7mq0/KDRt3dqAJDSUiTvHq6Z1GDKiIA6lEETwx7JuSthHJP2ymrIG2qhLLH0VArFrlAwe4YXnvCKquqLJnrtzYD99Jmxcrro4NjgG/vfR4zplBefznLsE4jl9TpZw==',
  'KAGvBLhDdWgPy/kuvxw3DrMFs+nzHOdu3PdZQQ8OP9OxR13mHDP8Zg//9X+6bI1rLdJaq8sUTWBmBoVgmgka7bpzpnfJhe1oxsPeJTCYlWYTtoDOrIJB/kWrY1Rhw3TP/unn5bV+k7D3oDRr6knNxm0WSMzFoCObThJ9HKSarQejAH6qSPnhth6O',
]
