import { FileImage, FolderOpen, Plus } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu } from '../ui/menu.tsx';
import { pickedOf } from './pick.ts';
import { useAdd } from './use-add.ts';

/** Adds photos from this device: files, or a folder with all that is in it. */
export function ChooseFiles({ look }: { readonly look: 'icon' | 'button' }): ReactNode {
  const add = useAdd();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onChange = (input: HTMLInputElement): void => {
    void add(pickedOf(input.files));
    input.value = '';
  };
  return (
    <>
      <Menu
        label={strings.navigation.upload}
        entries={[
          { id: 'files', label: strings.uploads.files, icon: <FileImage />, onAction: () => files.current?.click() },
          { id: 'folder', label: strings.uploads.folder, icon: <FolderOpen />, onAction: () => folder.current?.click() },
        ]}
        trigger={
          look === 'icon' ? (
            <IconButton label={strings.navigation.upload}>
              <Plus />
            </IconButton>
          ) : (
            <Button look="primary">
              <Plus />
              {strings.timeline.choose}
            </Button>
          )
        }
      />
      <input ref={files} type="file" multiple hidden aria-label={strings.uploads.files} onChange={(event) => onChange(event.target)} />
      <input ref={folder} type="file" multiple hidden aria-label={strings.uploads.folder} {...{ webkitdirectory: '' }} onChange={(event) => onChange(event.target)} />
    </>
  );
}
