import type { AssetId } from '@everroll/protocol';
import { useCallback, useSyncExternalStore } from 'react';

/** The photos that a person has picked on one page. By id, so that it holds while the collection changes. */
export class Selection {
  readonly #ids = new Set<AssetId>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #isOpen = false;
  /** Where a range begins. */
  anchor: number | null = null;

  get size(): number {
    return this.#ids.size;
  }

  get ids(): readonly AssetId[] {
    return [...this.#ids];
  }

  /** A tap picks in place of opening. */
  get isOpen(): boolean {
    return this.#isOpen || this.#ids.size > 0;
  }

  has(id: AssetId): boolean {
    return this.#ids.has(id);
  }

  open(): void {
    this.#isOpen = true;
    this.#changed();
  }

  toggle(id: AssetId, position: number): void {
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.anchor = position;
    this.#changed();
  }

  set(ids: readonly AssetId[], areSelected: boolean): void {
    for (const id of ids) {
      if (areSelected) this.#ids.add(id);
      else this.#ids.delete(id);
    }
    this.#changed();
  }

  clear(): void {
    this.#ids.clear();
    this.#isOpen = false;
    this.anchor = null;
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;
}

export function useSelection(selection: Selection): { readonly size: number; readonly isOpen: boolean } {
  useSyncExternalStore(selection.subscribe, selection.version);
  return { size: selection.size, isOpen: selection.isOpen };
}

export function useIsSelected(selection: Selection, id: AssetId | undefined): boolean {
  return useSyncExternalStore(
    selection.subscribe,
    useCallback(() => id !== undefined && selection.has(id), [selection, id]),
  );
}
