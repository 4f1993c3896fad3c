import { AssetId } from '@everroll/protocol';
import { z } from 'zod';

/** Photos that are dragged onto an album. A type of its own, so that nothing else is taken for them. */
const TYPE = 'application/x-everroll-photos';
const Ids = z.array(AssetId);

export function startPhotoDrag(transfer: DataTransfer, ids: readonly AssetId[]): void {
  transfer.setData(TYPE, JSON.stringify(ids));
  transfer.effectAllowed = 'copy';
}

export const carriesPhotos = (transfer: DataTransfer): boolean => transfer.types.includes(TYPE);

export function draggedPhotos(transfer: DataTransfer): readonly AssetId[] {
  const text = transfer.getData(TYPE);
  return text === '' ? [] : (Ids.safeParse(JSON.parse(text)).data ?? []);
}
