import type { Scenario } from '../harness/scenario.ts';
import type { Ward } from '../harness/ward.ts';

/** The asset of the scenario's photo, saved. */
async function savedAsset(ward: Ward): Promise<string> {
  await ward.device.sync();
  const asset = (await ward.why(ward.pathOf()))[0]?.assetId;
  if (typeof asset !== 'string') throw new Error('the photo has no asset');
  return asset;
}

/** While the device is away from the server it does one thing and somebody else another. */
async function meanwhile(ward: Ward, here: readonly string[], there: object): Promise<void> {
  ward.line.switchTo({ kind: 'cut' });
  await ward.device.ask(here);
  await (await ward.elsewhere()).change(there);
  ward.line.switchTo({ kind: 'none' });
}

/** Changes that the server refuses: nothing is lost by it, and the status says which they were. */
export const changes: readonly Scenario[] = [
  {
    code: 'newer_edit',
    check: 'status',
    cause: 'a photo in Recently Deleted is deleted for ever here, after somebody gave it a caption elsewhere',
    make: async (ward) => {
      const asset = await savedAsset(ward);
      await ward.device.ask(['delete', asset]);
      await ward.device.sync();
      await meanwhile(ward, ['purge', asset], { op: 'asset.set', assetIds: [asset], fields: { caption: 'Grandmother, 1961' } });
    },
    evidence: {},
    fix: 'the person looks at it, and keeps it: everroll recover',
    mend: recovered,
  },
  {
    code: 'not_in_recently_deleted',
    check: 'status',
    cause: 'a photo in Recently Deleted is deleted for ever here, after somebody took it back elsewhere',
    make: async (ward) => {
      const asset = await savedAsset(ward);
      await ward.device.ask(['delete', asset]);
      await ward.device.sync();
      await meanwhile(ward, ['purge', asset], { op: 'asset.recover', assetIds: [asset] });
    },
    evidence: {},
    fix: 'none is needed: it is in the library',
    mend: () => undefined,
  },
  {
    code: 'album_deleted',
    check: 'status',
    cause: 'a photo is put into an album here, after somebody deleted the album elsewhere',
    make: async (ward) => {
      const asset = await savedAsset(ward);
      const { albumId } = await ward.device.ask<{ albumId: string }>(['album', 'create', 'Summer']);
      await ward.device.sync();
      await meanwhile(ward, ['album', 'add', 'Summer', asset], { op: 'album.delete', albumId });
    },
    evidence: {},
    fix: 'a new album is made, and the photo put into it',
    mend: async (ward) => {
      await ward.device.ask(['album', 'create', 'Summer again']);
    },
  },
];

async function recovered(ward: Ward): Promise<void> {
  const asset = (await ward.why(ward.pathOf()))[0]?.assetId;
  await ward.device.ask(['recover', String(asset)]);
}
