import { parseArgs } from 'node:util';
import { killRounds } from './harness/kill-rounds.ts';

/** `npm run test:kill -- --rounds 200 --photos 500`: kill -9 in turn, and what was left of it. */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '200' }, photos: { type: 'string', default: '500' }, bytes: { type: 'string', default: '300000' } } });
const began = performance.now();
const report = await killRounds({
  rounds: Number(values.rounds),
  photos: Number(values.photos),
  photoBytes: Number(values.bytes),
  fraction: Math.random,
  onRound: ({ number, victim, sentBytes }) => {
    if (number % 10 === 0) process.stdout.write(`round ${number}: ${victim} killed, ${(sentBytes / 1e6).toFixed(1)} MB sent so far\n`);
  },
});
const perKill = Math.round(report.beyondBytes / report.rounds);
process.stdout.write(`
kills              ${report.rounds}, of which ${report.duringTransfer} met a transfer (${Math.round((performance.now() - began) / 1000)} s)
verified           ${report.verified} of ${report.found} photos
missing, orphans   ${report.missing}, ${report.orphans.length} ${report.orphans.join(' ')}
sent               ${report.sentBytes} bytes for ${report.libraryBytes}: ${perKill} bytes a kill beyond each photo once
in flight at a kill  at most ${report.inFlightMaxBytes} bytes; ${report.shrunk} rounds in which stored bytes became fewer
integrity          ${report.integrity.length === 0 ? 'ok, each time' : report.integrity.join('; ')}
`);
const isSound = report.verified === report.found && report.missing === 0 && report.orphans.length === 0 && report.integrity.length === 0;
process.exitCode = isSound ? 0 : 1;
