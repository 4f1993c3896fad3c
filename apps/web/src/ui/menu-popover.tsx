import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { ButtonContext } from 'react-aria-components/Button';
import { Menu as AriaMenu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import './menu.css';
import type { MenuProps } from './menu.tsx';

export interface MenuPopoverProps extends MenuProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The button, and below it what it opens: at once, as it was pressed before this was here. */
export function MenuPopover({ label, trigger, entries, isOpen, onOpenChange }: MenuPopoverProps): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    // It has taken the place of the one that was pressed; the focus comes back to it when the menu is closed.
    button.current?.focus();
    onOpenChange(true);
  }, [onOpenChange]);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
      <ButtonContext.Provider value={{ ref: button }}>{trigger}</ButtonContext.Provider>
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
