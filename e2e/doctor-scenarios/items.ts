import { appendFile, chmod, copyFile, mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAae, makeJpeg, makeLivePhoto } from '@everroll/media/samples';
import { asAnotherUser, cannotBeAnother } from '../harness/another-user.ts';
import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

/** A file that was not there a moment ago, and was written long ago. */
const old = (path: string): Promise<void> => utimes(path, 1_700_000_000, 1_700_000_000);
const good = (ward: Ward): void => ward.line.switchTo({ kind: 'none' });
const timing = (ward: Ward, settle: string, patience: string): void => void Object.assign(ward.device.environment, { EVERROLL_SETTLE_SECONDS: settle, EVERROLL_PATIENCE_SECONDS: patience });
/** The photo is found, its hash is known, and the line to the server is cut. */
async function foundAndNotSent(ward: Ward): Promise<void> {
  ward.line.switchTo({ kind: 'cut' });
  await ward.device.run('sync');
}
const inDrawer = (ward: Ward): string => join(ward.photos, '..', ward.photo);

export const items: readonly Scenario[] = [
  {
    code: 'changed_during_upload',
    check: 'items',
    cause: 'an editor writes the photo anew while it is being sent',
    make: async (ward) => {
      await ward.addPhoto(ward.photo, 12_000_000);
      await foundAndNotSent(ward);
      timing(ward, '20', '0');
      ward.line.switchTo({ kind: 'during an original', happens: () => appendFile(ward.pathOf(), 'a caption') });
      await ward.device.run('sync', '--retry');
      good(ward);
      timing(ward, '2', '15');
    },
    evidence: {},
    fix: 'the doctor tries it again',
    without: 'sync',
  },
  {
    code: 'vanished',
    check: 'items',
    cause: 'a photo that was found is gone before it could be sent',
    make: async (ward) => {
      await foundAndNotSent(ward);
      await rename(ward.pathOf(), inDrawer(ward));
      good(ward);
      await ward.device.run('sync', '--retry');
    },
    evidence: {},
    fix: 'it is put back',
    mend: (ward) => rename(inDrawer(ward), ward.pathOf()),
    without: 'sync',
  },
  {
    code: 'unreadable',
    check: 'items',
    cause: 'the user that Everroll runs as may not read the file',
    make: async (ward) => {
      await asAnotherUser(ward);
      await chmod(ward.pathOf(), 0o000);
    },
    evidence: {},
    fix: 'the right to read it is given back; the doctor tries it again',
    mend: (ward) => chmod(ward.pathOf(), 0o644),
    needs: cannotBeAnother,
  },
  {
    code: 'checksum_mismatch',
    check: 'items',
    cause: 'a device on the way turns one bit of what is sent over',
    make: (ward) => {
      timing(ward, '0', '0');
      ward.line.switchTo({ kind: 'spoils originals' });
    },
    evidence: {},
    fix: 'the line is a good one; the doctor tries it again',
    mend: good,
  },
  {
    code: 'resource_missing',
    check: 'items',
    cause: 'the server loses the bytes between their arrival and the change that names them',
    make: async (ward) => {
      ward.line.switchTo({ kind: 'cuts', path: /\/mutations$/ });
      await ward.device.run('sync');
      const photo = "(SELECT sha256 FROM resource WHERE named = 0 LIMIT 1)";
      ward.onServer(`UPDATE account SET used_bytes = used_bytes - (SELECT bytes FROM resource WHERE sha256 = ${photo}) WHERE email = 'ada@example.com'`);
      ward.onServer(`DELETE FROM resource WHERE sha256 = ${photo}`);
      timing(ward, '0', '0');
      ward.line.switchTo({ kind: 'none' });
      await ward.device.run('sync', '--retry');
    },
    evidence: {},
    fix: 'the doctor tries it again: it is sent anew',
    without: 'sync',
  },
  {
    code: 'repeatedly_failing',
    check: 'items',
    cause: 'one bit of a photo is turned over each time that it is sent, eight times',
    make: async (ward) => {
      timing(ward, '0', '0');
      ward.line.switchTo({ kind: 'spoils originals' });
      for (let attempt = 0; attempt < 8; attempt += 1) {
        ward.onDevice('UPDATE item SET next_at = 0 WHERE next_at > 0');
        await ward.device.run('sync');
      }
      good(ward);
    },
    evidence: {},
    fix: 'the doctor tries it again',
    without: 'sync',
  },

  // What waits for a moment, or is left out by a rule: no fault, so the doctor does not speak of it.
  {
    code: 'queued',
    check: 'why',
    cause: 'a photo was found, and the process that syncs was killed before its turn came',
    make: async (ward) => {
      const died = Promise.withResolvers<void>();
      ward.line.switchTo({
        kind: 'during an original',
        happens: async () => {
          syncing.kill('SIGKILL');
        },
      });
      await ward.addPhoto(`MORE-${ward.photo}`);
      const syncing = ward.device.start('sync');
      syncing.once('exit', () => died.resolve());
      await died.promise;
      good(ward);
      ward.onDevice('DELETE FROM upload');
    },
    evidence: {},
    fix: 'none is needed: it goes with the next sync',
    mend: () => undefined,
    without: 'sync',
  },
  {
    code: 'still_being_written',
    check: 'why',
    cause: 'a photo is being copied into the folder',
    make: (ward) => timing(ward, '4', '0'),
    evidence: {},
    fix: 'none is needed: it is read when it was left alone for a moment',
    mend: (ward) => timing(ward, '4', '15'),
  },
  {
    code: 'empty_file',
    check: 'why',
    cause: 'a file without a byte',
    make: (ward) => writeFile(ward.pathOf(), ''),
    evidence: {},
    fix: 'it is copied again from where it came',
    mend: (ward) => ward.addPhoto(),
    without: 'photo',
  },
  {
    code: 'excluded_by_rule',
    check: 'why',
    cause: 'a photo of a format that nobody knows, with a name that is no photo’s',
    make: (ward) => writeFile(ward.pathOf(`${ward.photo}.saved`), `no known beginning ${ward.photo}`),
    evidence: {},
    file: (ward) => ward.pathOf(`${ward.photo}.saved`),
    fix: 'it gets its proper name',
    mend: (ward) => rename(ward.pathOf(`${ward.photo}.saved`), ward.pathOf(`SAVED-${ward.photo}`)),
  },
  {
    code: 'live_photo_incomplete',
    check: 'why',
    cause: 'the video of a Live Photo is not there yet',
    make: async (ward) => {
      const { still } = makeLivePhoto({ seed: ward.photo });
      await writeFile(ward.pathOf(), still);
      timing(ward, '2', '6');
    },
    evidence: {},
    fix: 'the video comes, and both are one photo',
    mend: async (ward) => {
      const { video } = makeLivePhoto({ seed: ward.photo });
      const path = ward.pathOf(ward.photo.replace('.JPG', '.MOV'));
      await writeFile(path, video);
      await old(path);
      timing(ward, '0', '5');
    },
    without: 'photo',
  },
  {
    code: 'companion_incomplete',
    check: 'why',
    cause: 'the edit of a photo is there, and the photo is not yet',
    make: async (ward) => {
      await writeFile(ward.pathOf(ward.photo.replace('.JPG', '.AAE')), makeAae(ward.photo));
      timing(ward, '2', '6');
    },
    evidence: {},
    file: (ward) => ward.pathOf(ward.photo.replace('.JPG', '.AAE')),
    fix: 'the photo comes, and the edit belongs to it',
    mend: async (ward) => {
      await writeFile(ward.pathOf(), makeJpeg({ seed: ward.photo }));
      timing(ward, '0', '5');
    },
    without: 'photo',
  },
  {
    code: 'deleted_from_library',
    check: 'why',
    cause: 'a person deletes a photo from the library, and a copy of it comes back from a memory card',
    make: async (ward) => {
      await ward.device.sync();
      await ward.device.ask(['delete', ward.pathOf()]);
      await ward.device.sync();
      await mkdir(join(ward.photos, 'card'), { recursive: true });
      await copyFile(ward.pathOf(), join(ward.photos, 'card', ward.photo));
    },
    evidence: {},
    file: (ward) => join(ward.photos, 'card', ward.photo),
    fix: 'everroll why FILE --add-again',
    mend: async (ward) => void (await ward.device.ask(['why', join(ward.photos, 'card', ward.photo), '--add-again'])),
  },
];

export const kept: readonly Scenario[] = [
  {
    code: 'corrupt_media',
    check: 'photo',
    cause: 'a JPEG of which the second half is lost',
    make: async (ward) => {
      await rendering(ward);
      const whole = await readFile(ward.pathOf());
      await writeFile(ward.pathOf(), whole.subarray(0, 400));
    },
    evidence: {},
    fix: 'a whole copy is added; the damaged one is kept byte for byte',
    mend: (ward) => ward.addPhoto(`WHOLE-${ward.photo}`),
    spoils: true,
  },
  {
    code: 'unsupported_media',
    check: 'photo',
    cause: 'a drawing of a program whose files cannot be shown',
    make: async (ward) => {
      await rendering(ward);
      await writeFile(ward.pathOf(ward.photo.replace('.JPG', '.PSD')), `8BPS\0\x01 a drawing, ${ward.photo}`);
    },
    evidence: {},
    file: (ward) => ward.pathOf(ward.photo.replace('.JPG', '.PSD')),
    fix: 'none is needed: it is kept byte for byte, for the program that made it',
    mend: () => undefined,
    spoils: true,
  },
];

/** A server that makes pictures, as every server but those of tests does. */
async function rendering(ward: Ward): Promise<void> {
  await ward.server.stop();
  ward.server.renditionWorkers = 1;
  await ward.server.start();
}

