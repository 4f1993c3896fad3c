import { expect } from 'vitest';
import { cannotMount, tmpfs, tmpfsUnder } from '../harness/tmpfs.ts';
import { libraryFolder } from '../harness/library-folder.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const plan = (ward: Ward, sql: string): void => ward.onServer(`UPDATE account SET plan_bytes = ${sql} WHERE email = 'ada@example.com'`);
/** `everroll accounts plan` of the server's owner. */
const largerPlan = async (ward: Ward): Promise<void> => void (await ward.device.ask(['accounts', 'plan', 'ada@example.com', '50GB']));
const MB = 1024 * 1024;

export const storage: readonly Scenario[] = [
  {
    code: 'quota_full',
    check: 'storage_plan',
    cause: 'the storage plan is full',
    make: (ward) => plan(ward, 'used_bytes + reserved_bytes'),
    also: ['server_plan'],
    evidence: { shortBytes: expect.any(Number), plan: expect.any(Number), used: expect.any(Number) },
    fix: 'the owner assigns a larger plan: everroll accounts plan',
    mend: largerPlan,
  },
  {
    code: 'item_larger_than_plan',
    check: 'storage_plan',
    cause: 'a photo that is larger than the whole plan',
    make: async (ward) => {
      await ward.addPhoto(ward.photo, 2_900_000);
      plan(ward, '2800000');
    },
    evidence: { plan: 2_800_000 },
    // It may hold less than what is stored already.
    besides: ['quota_full'],
    fix: 'the owner assigns a larger plan: everroll accounts plan',
    mend: largerPlan,
  },
  {
    code: 'device_full',
    check: 'device_storage',
    cause: 'the disk of the library folder (a tmpfs) has no room for a photo of 3 MB',
    make: async (ward) => {
      await ward.addPhoto(ward.photo, 3_000_000);
      const disk = tmpfs(ward, 2 * MB);
      await libraryFolder(ward, disk.path);
    },
    evidence: { disks: expect.any(Array) },
    fix: 'room is made on that disk',
    mend: (ward) => tmpfsUnder(ward).resize(600 * MB),
    needs: cannotMount,
    spoils: true,
  },
  {
    code: 'server_disk_full',
    check: 'storage_plan',
    also: ['server_disk'],
    cause: 'the server’s disk (a tmpfs) has less room left than the server keeps for its database',
    make: async (ward) => {
      await ward.server.stop();
      const disk = tmpfs(ward, 400 * MB, ward.server.data);
      await ward.server.start();
      disk.resize(250 * MB);
    },
    evidence: { shortBytes: expect.any(Number) },
    fix: 'the disk is made larger',
    mend: (ward) => tmpfsUnder(ward).resize(400 * MB),
    needs: cannotMount,
    spoils: true,
  },
];
