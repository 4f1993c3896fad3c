import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { exiftoolPath } from 'exiftool-vendored'
import type { Tags } from '../exiftool/view.ts'


/** `MWG` adds the guidelines' decision between Exif, XMP and IPTC; the zone decides how UTC of videos is printed. */
const options = ['-json', '-G1', '-n', '-use', 'MWG', '-api', 'LargeFileSupport=1', '-charset', 'filename=utf8', '-q', '-q']
const outputBytes = 256 * 1024 * 1024

export function hasPerl(): boolean {
  try {
    execFileSync('perl', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** One process for all files: it takes some 25 ms each. A file that ExifTool cannot read has its error in `ExifTool:Error`. */
export async function readWithExiftool(paths: readonly string[]): Promise<ReadonlyMap<string, Tags>> {
  const { stdout } = await promisify(execFile)('perl', [await exiftoolPath(), ...options, ...paths], {
    maxBuffer: outputBytes,
    env: { ...process.env, TZ: 'UTC' },
  }).catch((error: unknown) => {
    // It ends with 1 if one of the files is corrupt, and has printed the others.
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string' && error.stdout !== '') return { stdout: error.stdout }
    throw error
  })
  const rows = JSON.parse(stdout) as (Tags & { readonly SourceFile: string })[]
  return new Map(rows.map((row) => [row.SourceFile, row]))
}
