import type { Room } from '../ports/source.ts';
import type { Ports } from '../ports/world.ts';

/** Room on the disk of the library folder now; null: there is no such folder, or its disk does not tell. */
export function folderRoom({ driver, openFolder }: Pick<Ports, 'driver' | 'openFolder'>): Room | null {
  const folder = driver.prepare("SELECT location FROM source WHERE kind = 'folder'").get();
  return folder ? openFolder({ kind: 'folder', location: String(folder['location']) }).room() : null;
}
