import type { Prng } from '../world/prng.ts';

/** A file: what a reader sees now, and what survives a power cut for certain. */
export class FileNode {
  readonly kind = 'file';
  content: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  durable: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** Written since the last sync. */
  dirty = false;
  modifiedAt = 0;
}

export class FolderNode {
  readonly kind = 'folder';
  names = new Map<string, Node>();
  durable = new Map<string, Node>();
}

export type Node = FileNode | FolderNode;

interface Change {
  readonly folder: FolderNode;
  readonly name: string;
  /** null: the name goes. */
  readonly node: Node | null;
}

/**
 * Files and folders with the promises of POSIX and no more: content is durable when the file was
 * synced, a name when its folder was. Until then a power cut may keep it or not. The journal of names
 * is cut at one place, so that what came later never survives what came before it, and a rename is
 * one step.
 */
export class Tree {
  readonly root = new FolderNode();
  /** Changes of names that no sync has covered, in their order; those of one step stand together. */
  #journal: (readonly Change[])[] = [];

  find(path: string): Node | undefined {
    let node: Node = this.root;
    for (const part of path.split('/')) {
      if (part === '') continue;
      if (node.kind !== 'folder') return undefined;
      const inner: Node | undefined = node.names.get(part);
      if (!inner) return undefined;
      node = inner;
    }
    return node;
  }

  place(path: string): { readonly folder: FolderNode; readonly name: string } | undefined {
    const cut = path.lastIndexOf('/');
    const folder = this.find(path.slice(0, cut));
    return folder?.kind === 'folder' ? { folder, name: path.slice(cut + 1) } : undefined;
  }

  /** One step: all of its names change together. */
  change(step: readonly Change[]): void {
    for (const { folder, name, node } of step) {
      if (node) folder.names.set(name, node);
      else folder.names.delete(name);
    }
    this.#journal.push(step);
  }

  syncFolder(folder: FolderNode): void {
    const left: (readonly Change[])[] = [];
    for (const step of this.#journal) {
      if (step.some((change) => change.folder === folder)) settle(step, left);
      else left.push(step);
    }
    this.#journal = left;
  }

  /** The power goes and comes back. */
  powerCut(chance: Prng): void {
    const survived = chance.pick(['all', 'none', 'some'] as const);
    const kept = survived === 'all' ? this.#journal.length : survived === 'none' ? 0 : chance.below(this.#journal.length + 1);
    for (const step of this.#journal.slice(0, kept)) settle(step, []);
    this.#journal = [];
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'file') {
        cutFile(node, chance);
        return;
      }
      node.names = new Map(node.durable);
      for (const inner of node.names.values()) visit(inner);
    };
    visit(this.root);
  }

  /** Everything as it is now, durable: what a backup holds. */
  copy(): Tree {
    const copy = new Tree();
    const made = new Map<Node, Node>();
    const clone = (node: Node): Node => {
      const known = made.get(node);
      if (known) return known;
      if (node.kind === 'file') {
        const file = new FileNode();
        file.content = file.durable = node.content;
        file.modifiedAt = node.modifiedAt;
        made.set(node, file);
        return file;
      }
      const folder = new FolderNode();
      made.set(node, folder);
      for (const [name, inner] of node.names) folder.names.set(name, clone(inner));
      folder.durable = new Map(folder.names);
      return folder;
    };
    const root = clone(this.root);
    if (root.kind === 'folder') {
      copy.root.names = root.names;
      copy.root.durable = root.durable;
    }
    return copy;
  }
}

/** Makes a step durable. What an earlier step that is still open says of the same names is overtaken. */
function settle(step: readonly Change[], open: (readonly Change[])[]): void {
  for (const { folder, name, node } of step) {
    if (node) folder.durable.set(name, node);
    else folder.durable.delete(name);
    for (const [index, earlier] of open.entries()) {
      open[index] = earlier.filter((change) => change.folder !== folder || change.name !== name);
    }
  }
}

/** What was written and not synced is kept, lost, cut, or has its length but zeros for content. */
function cutFile(file: FileNode, chance: Prng): void {
  if (!file.dirty) return;
  file.dirty = false;
  const { content, durable } = file;
  switch (chance.pick(['kept', 'lost', 'cut', 'zeros'] as const)) {
    case 'kept':
      break;
    case 'lost':
      file.content = durable;
      break;
    case 'cut':
      file.content = content.slice(0, chance.between(Math.min(durable.length, content.length), content.length));
      break;
    case 'zeros':
      file.content = content.slice().fill(0, Math.min(commonLength(content, durable), content.length));
      break;
  }
  file.durable = file.content;
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}
