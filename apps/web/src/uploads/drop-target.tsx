import { ImageDown } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { pickedOfDrop } from './pick.ts';
import { useAdd } from './use-add.ts';
import './uploads.css';

/** Files can be dropped anywhere on the page, and pasted. */
export function DropTarget(): ReactNode {
  const add = useAdd();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Each element below the pointer enters and leaves; only the last leaving ends it.
    let depth = 0;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const onEnter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const onOver = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      void pickedOfDrop(event.dataTransfer).then(add);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) void add(files.map((file) => ({ file, path: file.name })));
    };
    document.addEventListener('dragenter', onEnter);
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('dragenter', onEnter);
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
      document.removeEventListener('paste', onPaste);
    };
  }, [add]);
  if (!isOver) return null;
  return (
    <div className="drop-target" aria-hidden="true">
      <div>
        <ImageDown />
        <strong>{strings.uploads.dropTitle}</strong>
        <p>{strings.uploads.dropText}</p>
      </div>
    </div>
  );
}
