import type { ChildProcess } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DeviceProcess } from '../harness/device.ts';
import { killed } from '../harness/processes.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

const hung = new WeakMap<Ward, ChildProcess>();

/** What concerns a device's own process and who it is. */
export const devices: readonly Scenario[] = [
  {
    code: 'stalled',
    check: 'restart',
    cause: 'the process that syncs hangs (SIGSTOP) with a photo on its way',
    make: async (ward) => {
      const asked = new Promise<void>((resolve) => {
        ward.line.switchTo({ kind: 'answers', answer: ({ url }) => (url?.endsWith('/resources/known') ? resolve() : undefined) });
      });
      const watching = ward.device.start('sync', '--watch');
      hung.set(ward, watching);
      ward.atEnd(() => killed(watching));
      await asked;
      watching.kill('SIGSTOP');
      ward.line.switchTo({ kind: 'none' });
      // No time needs to pass: for the doctor of this scenario a device stands still at once.
      ward.device.environment['EVERROLL_STALL_SECONDS'] = '0';
    },
    evidence: { running: true },
    fix: 'the process is ended, as by a restart of the device; the doctor syncs once',
    mend: async (ward) => {
      delete ward.device.environment['EVERROLL_STALL_SECONDS'];
      const watching = hung.get(ward);
      if (watching) await killed(watching);
    },
    without: 'sync',
    spoils: true,
  },
  {
    code: 'duplicate_device_identity',
    check: 'settings',
    cause: 'the device’s folder was copied to another machine, and both sync',
    make: async (ward) => {
      const copy = new DeviceProcess(ward.stage, join(`${basename(dirname(ward.device.home))}-copy`, 'home'));
      await cp(ward.device.home, copy.home, { recursive: true });
      await copy.ask(['source', 'remove', ward.photos]);
      await copy.ask(['album', 'create', 'Of the copy']);
      await copy.sync();
    },
    evidence: {},
    fix: 'signed in again: this one gets an identity of its own; its queue is kept',
    mend: (ward) => ward.device.signIn(ward.line.url),
    spoils: true,
  },
];
