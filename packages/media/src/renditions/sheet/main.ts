import { sheetsOfFolder } from './sheets-of-folder.ts'

/** `npm run media:sheet -- FOLDER OUT`: contact sheets of all photos and videos in a folder, to be looked at. */
const [, , folder, out] = process.argv
if (folder === undefined || out === undefined) {
  process.stderr.write('Usage: npm run media:sheet -- FOLDER OUT\n')
  process.exit(2)
}
const { sheets, pictures, without } = await sheetsOfFolder(folder, out)
process.stdout.write(`${pictures} photos and videos on ${sheets.length} sheets in ${out}\n`)
for (const label of without) process.stdout.write(`without a picture: ${label}\n`)
