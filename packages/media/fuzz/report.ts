import type { Run } from './run.ts'
import type { Outcomes } from './tally.ts'

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`
const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts].toSorted(([, one], [, two]) => two - one).map(([name, count]) => `${count} ${name}`).join(', ') || 'none'

const row = (name: string, { made, corrupt, unsupported, interrupted, broke }: Outcomes): string =>
  `${name.padEnd(60)}${[made, corrupt, unsupported, interrupted, broke].map((count) => String(count).padStart(14)).join('')}`

/** What a run did and found, for a person. */
export function reportOf({ tally, grownBytes, workersStarted, workerPeakBytes, memoryLimitBytes }: Run): string {
  const perFile = tally.readerCpuMilliseconds / Math.max(1, tally.files)
  return [
    `${tally.files} files; recognised ${tally.recognised}: ${listed(tally.kinds)}`,
    '',
    `${''.padEnd(60)}${['made', 'corrupt', 'unsupported', 'interrupted', 'worker ended'].map((name) => name.padStart(14)).join('')}`,
    row('stills and posters', tally.stills),
    row('video previews', tally.videoPreviews),
    ...[...tally.byMutation].toSorted(([one], [two]) => one.localeCompare(two)).map(([name, outcomes]) => row(`  ${name}`, outcomes)),
    '',
    `jobs without an outcome of their own: ${listed(tally.causes)}`,
    ...tally.deaths.slice(0, 100).map(({ seed, cause }) => `  seed ${seed}: ${cause}`),
    '',
    `readers: ${perFile.toFixed(2)} ms of processor time a file; slowest ${tally.slowestReader.milliseconds.toFixed(0)} ms (seed ${tally.slowestReader.seed}); most memory for one file ${megabytes(tally.readerMemoryBytes)}`,
    `renditions: slowest ${tally.slowestRendering.milliseconds.toFixed(0)} ms of clock time (seed ${tally.slowestRendering.seed})`,
    `memory: this process ${megabytes(process.resourceUsage().maxRSS * 1024)} at most and ${(grownBytes / 1024 ** 2).toFixed(1)} MB more at the end than when warm, a worker ${megabytes(workerPeakBytes)} of ${megabytes(memoryLimitBytes)}; ${workersStarted} processes were started`,
    '',
    `${tally.findings.length} findings`,
    ...tally.findings.map(({ seed, from, mutations, what }) => `  seed ${seed} (${from}; ${mutations.join(', ')}): ${what}`),
    '',
  ].join('\n')
}
