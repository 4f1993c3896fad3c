import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { caseOf } from './case.ts'
import { makeCorpus } from './corpus.ts'
import { reportOf } from './report.ts'
import { fuzz } from './run.ts'

const help = `npm run fuzz:media -- [options]
  --files N          how many hostile files (1000)
  --from S           the first seed (1)
  --seed S           this one alone; the same seed is the same file where the corpus is the same
  --workers N        processes that make renditions (2)
  --render-each N    renditions of one file in N (1)
  --preview-each N   video previews of one video in N (5; 0: none)
  --cheap            without the bombs that keep a decoder busy for seconds, and without files of megabytes
  --samples          the repository's own samples alone, not ../shared/media
  --keep FILE        with --seed: write the file there as well
`

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: '2' },
    'render-each': { type: 'string', default: '1' },
    'preview-each': { type: 'string', default: '5' },
    cheap: { type: 'boolean', default: false },
    samples: { type: 'boolean', default: false },
    keep: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) process.stdout.write(help)
else await main()

async function main(): Promise<void> {
  const cameraFiles = resolve(import.meta.dirname, '../../../../shared/media')
  const corpus = await makeCorpus(!values.samples && existsSync(cameraFiles) ? cameraFiles : null)
  const costly = !values.cheap
  process.stdout.write(`corpus ${corpus.digest}: ${corpus.small.length} files up to 300 KB, ${corpus.large.length} larger\n`)
  if (values.seed !== undefined) {
    const { from, mutations, bytes, extension } = caseOf(Number(values.seed), { corpus, costly })
    process.stdout.write(`seed ${values.seed}: ${from}${extension}, ${bytes.length} bytes; ${mutations.join(', ')}\n`)
    if (values.keep !== undefined) await writeFile(resolve(values.keep), bytes)
  }
  const run = await fuzz({
    corpus,
    costly,
    from: Number(values.seed ?? values.from),
    files: values.seed === undefined ? Number(values.files) : 1,
    workers: Number(values.workers),
    renderEach: Number(values['render-each']),
    previewEach: Number(values['preview-each']),
    onFile: ({ files, findings }) => {
      if (files % 500 === 0) process.stderr.write(`${files} files, ${findings.length} findings\n`)
    },
  })
  process.stdout.write(reportOf(run))
  if (run.tally.findings.length > 0) process.exitCode = 1
}
