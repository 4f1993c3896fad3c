/**
 * `npm run troubleshooting`: goes through a troubleshooting guide's seven sections on real processes,
 * as a new user would from the command line, and writes docs/troubleshooting.md from what was printed.
 * A small disk is mounted for it, which needs Linux and its superuser.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from './troubleshooting/person.ts';
import { sections } from './troubleshooting/sections.ts';

const INTRODUCTION = `# When photos do not sync

The troubleshooting guides of phones go through seven sections: settings, connection, storage plan, storage on
the device, restart, update, power. This is Everroll gone through them, one by one, from the command line.
Everything below a \`$\` was printed by a run on a real server and a real device; only the address, folders, ids
and milliseconds are made the same for every run, and of the doctor's checks those that are in order are
counted. Made by \`npm run troubleshooting\`; do not edit it by hand.
`;

const person = await Person.atHome();
try {
  for (const section of sections) await section(person);
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'troubleshooting.md'), `${INTRODUCTION}\n${person.markdown}`);
} finally {
  await person.leaves();
}
