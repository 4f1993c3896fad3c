import type { AssetId } from '@everroll/protocol';
import { isAssetId } from '../device/contract.ts';

/** Photos that are dragged onto an album. A type of its own, so that nothing else is taken for them. */
const TYPE = 'application/x-everroll-photos';

export function startPhotoDrag(transfer: DataTransfer, ids: readonly AssetId[]): void {
  transfer.setData(TYPE, JSON.stringify(ids));
  transfer.effectAllowed = 'copy';
}

export const carriesPhotos = (transfer: DataTransfer): boolean => transfer.types.includes(TYPE);

export function draggedPhotos(transfer: DataTransfer): readonly AssetId[] {
  const text = transfer.getData(TYPE);
  const ids: unknown = text === '' ? [] : JSON.parse(text);
  return Array.isArray(ids) && ids.every(isAssetId) ? ids : [];
}
