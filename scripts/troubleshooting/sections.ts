import { DatabaseSync } from 'node:sqlite';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeJpeg } from '@everroll/media/samples';
import type { Status } from '@everroll/engine';
import { DeviceProcess } from '../../e2e/harness/device.ts';
import { tmpfs } from '../../e2e/harness/tmpfs.ts';
import type { Person } from './person.ts';

const photo = (person: Person, name: string, bytes = 40_000): Promise<void> => writeFile(join(person.photos, name), makeJpeg({ seed: name, bytes }));

/** The seven sections of a guide for phones whose photos do not sync, each as a new user goes through it. */
export const sections: readonly ((person: Person) => Promise<void>)[] = [beginning, settings, connection, storagePlan, deviceStorage, restart, update, power, ending];

async function beginning(person: Person): Promise<void> {
  person.heading('A new device');
  person.says('Three photos lie in a folder. The device signs in, is told where they are, and saves them.');
  for (const name of ['IMG_0001.JPG', 'IMG_0002.JPG', 'IMG_0003.JPG']) await photo(person, name);
  await person.types('sign-in', person.line.url, '--email', 'ada@example.com');
  await person.types('source', 'add', person.photos);
  await person.types('sync');
}

async function settings(person: Person): Promise<void> {
  person.heading('1. Settings');
  person.says('*The guide: is the device signed in to the right account, and is syncing switched on?* Somebody has switched it off here, and a new photo does not go.');
  await person.device.run('set', 'sync=off');
  await photo(person, 'IMG_0004.JPG');
  await person.types('sync');
  person.says('The first line of the doctor says what it is, and the fix is one that software can do.');
  await person.types('doctor', '--fix');
}

async function connection(person: Person): Promise<void> {
  person.heading('2. Connection');
  person.says('*The guide: is the device connected to Wi-Fi; is mobile data allowed; try another network.* In a hotel, every page is the hotel’s own until one signs in.');
  person.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Hotel</title><p>Welcome. Sign in to use the network.') });
  await photo(person, 'IMG_0005.JPG');
  await person.device.run('sync');
  await person.types('doctor');
  person.says('The network is there and so is the way to the address, but it is not the server that answers. The person opens the browser, signs in to the hotel’s network, and asks again.');
  person.line.switchTo({ kind: 'none' });
  await person.types('doctor', '--fix');
  person.says('On a phone’s hotspot the connection is metered. Mobile data was switched off on this device, so new photos wait.');
  await person.device.run('set', 'conditions.metered=yes', 'mobile-data=off');
  await photo(person, 'IMG_0006.JPG');
  await person.types('sync');
  person.says('One photo is wanted at once. What a person asks for by name goes, whatever holds the rest.');
  await person.types('ask', join(person.photos, 'IMG_0006.JPG'));
  await person.types('sync');
  await person.device.run('set', 'conditions.metered=auto', 'mobile-data=on');
}

async function storagePlan(person: Person): Promise<void> {
  person.heading('3. Storage plan');
  person.says('*The guide: is there enough storage left; buy more, or delete something.* The plan of this account is full.');
  const database = new DatabaseSync(join(person.server.data, 'everroll.db'), { timeout: 5000 });
  database.exec('UPDATE account SET plan_bytes = used_bytes + reserved_bytes + 20000');
  database.close();
  await photo(person, 'IMG_0007.JPG');
  await person.types('sync');
  await person.types('usage');
  person.says('What would free space is listed with its bytes. Here it is little, so the server’s owner assigns a larger plan, and what waits goes.');
  await person.types('space');
  await person.types('accounts', 'plan', 'ada@example.com', '50GB');
  await person.types('sync');
}

async function deviceStorage(person: Person): Promise<void> {
  person.heading('4. Storage on the device');
  person.says('*The guide: is there room on the device; let it keep smaller versions.* A source folder is never written to, so a device that only saves its own photos needs little. This one also has the whole library as plain files, in a folder on a small disk, and another device has just saved a photo that does not fit there.');
  const disk = tmpfs(person, 1024 * 1024);
  await person.types('folder', disk.path);
  await savedElsewhere(person, 'DSC_0071.JPG', 1_500_000);
  await person.types('sync');
  await person.types('doctor');
  person.says('The photo itself is safe: it is on the server, and only a copy of it here has no room. Optimised storage keeps a picture of screen size in the place of what does not fit; the original stays on the server.');
  await person.types('set', 'originals=optimise', 'storage-limit=200kB');
  await settled(person);
  await person.types('sync');
  await person.types('free', '--dry-run');
  person.says('Later there is a larger disk, and the person wants to see one photo as it was taken. It comes whole, into the place of its picture, and stays for an hour at least.');
  disk.resize(600 * 1024 * 1024);
  await person.types('open', 'DSC_0071.JPG');
  person.says('Nothing is in the way any more.');
  await person.types('doctor');
  await person.types('folder', '--off');
  await person.device.run('set', 'originals=keep', 'storage-limit=none');
}

/** Another device of the account, with one photo. */
async function savedElsewhere(person: Person, name: string, bytes: number): Promise<void> {
  const laptop = new DeviceProcess(person.stage, 'studio');
  const folder = join(person.stage.path, 'Studio');
  await laptop.signIn(person.server.url);
  await laptop.addSource(folder);
  await writeFile(join(folder, name), makeJpeg({ seed: name, bytes }));
  await laptop.sync();
}

/** The server makes a picture when it is first asked for; the person has a cup of tea. */
async function settled(person: Person): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { downloads, evicted } = JSON.parse((await person.device.run('sync', '--json')).stdout) as Status;
    if (downloads.items === 0 && evicted.items > 0) return;
  }
  throw new Error('no picture came into the place of what does not fit');
}

async function restart(person: Person): Promise<void> {
  person.heading('5. Restart');
  person.says('*The guide: close the app and open it again; restart the device.* The process that synced was killed in the middle of a photo.');
  await photo(person, 'IMG_0008.JPG', 300_000);
  const syncing = person.device.start('sync');
  person.line.switchTo({
    kind: 'during an original',
    happens: async () => {
      syncing.kill('SIGKILL');
    },
  });
  await once(syncing, 'exit');
  person.line.switchTo({ kind: 'none' });
  await person.types('doctor');
  person.says('Nothing was lost: what had arrived is there, and the rest goes on. “Restart sync” checks the device’s own database, lets go of what is stuck, and looks at every folder again. It sends nothing twice.');
  await person.types('restart-sync');
}

async function update(person: Person): Promise<void> {
  person.heading('6. Update');
  person.says('*The guide: install the newest version.* A server of a much later version serves the protocol of this device no longer. The doctor says which side is old; what waits is kept.');
  person.line.switchTo({ kind: 'rewrites', headers: { 'everroll-protocol': '0' } });
  await photo(person, 'IMG_0009.JPG');
  await person.device.run('sync');
  await person.types('doctor');
  person.says('The device is updated, and goes on.');
  person.line.switchTo({ kind: 'none' });
  await person.types('doctor', '--fix');
}

async function power(person: Person): Promise<void> {
  person.heading('7. Power');
  person.says('*The guide: charge the device; Low Power Mode pauses syncing.* The battery is at 17 %, below the floor of 20 %. A photo that was just taken may go all the same, unless the person chose otherwise.');
  await person.device.run('set', 'conditions.charging=no', 'conditions.battery=17', 'fresh-first=off');
  await photo(person, 'IMG_0010.JPG');
  await person.types('sync');
  person.says('It cannot wait for the charger: for an hour everything goes.');
  await person.types('sync', '--now');
}

async function ending(person: Person): Promise<void> {
  person.heading('And one photo');
  person.says('What any single photo waits for, or where it is, is told for it alone.');
  await person.device.run('set', 'conditions.charging=auto', 'conditions.battery=auto', 'fresh-first=on');
  await person.types('why', join(person.photos, 'IMG_0007.JPG'));
  person.says('And whether all of it is as it was saved, here and on the server:');
  await person.types('verify');
}
