import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scenario } from '../harness/scenario.ts';

/** What the server finds when it reads its originals again. */
export const originals: readonly Scenario[] = [
  {
    code: 'bit_rot',
    check: 'scrub',
    cause: 'a bit of an original rots on the server’s disk',
    make: async (ward) => {
      await ward.device.sync();
      const original = await ward.originalOf('BEFORE.JPG');
      const bytes = await readFile(original);
      await writeFile(original, bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)));
      await ward.device.ask(['verify', '--server'], 3);
    },
    evidence: { damaged: 1 },
    fix: 'the device that has it sends it again',
    mend: async (ward) => void (await ward.device.sync()),
    without: 'sync',
    holdsItem: false,
  },
  {
    code: 'originals_missing',
    check: 'scrub',
    cause: 'the disk of the originals is not mounted',
    make: async (ward) => {
      await ward.device.sync();
      await rename(join(ward.server.data, 'originals'), join(ward.server.data, 'elsewhere'));
      await mkdir(join(ward.server.data, 'originals'));
      await ward.device.ask(['verify', '--server'], 3);
    },
    evidence: { missing: 0 },
    fix: 'mounted again; nothing is sent twice',
    mend: async (ward) => {
      await rm(join(ward.server.data, 'originals'), { recursive: true });
      await rename(join(ward.server.data, 'elsewhere'), join(ward.server.data, 'originals'));
      await ward.device.ask(['verify', '--server']);
    },
    without: 'sync',
    holdsItem: false,
  },
];
