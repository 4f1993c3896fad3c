import type { ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import './menu.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  readonly onAction: () => void;
}

/** @param trigger the button that opens it */
export function Menu({ label, trigger, entries }: { readonly label: string; readonly trigger: ReactNode; readonly entries: readonly MenuEntry[] }): ReactNode {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="menu-popover" placement="bottom end">
        <AriaMenu aria-label={label} className="menu">
          {entries.map((entry) => (
            <MenuItem key={entry.id} id={entry.id} textValue={entry.label} className={entry.isDangerous === true ? 'menu-item danger' : 'menu-item'} onAction={entry.onAction}>
              {entry.icon}
              {entry.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
