import { lazy, type ReactNode, Suspense, useState } from 'react';
import { ButtonContext } from 'react-aria-components/Button';

// Lists that are chosen from by keyboard, and their place on the screen, bring much: they come when a menu is about to be opened.
const load = () => import('./menu-popover.tsx');
const soon = (): void => void load();
const MenuPopover = lazy(async () => ({ default: (await load()).MenuPopover }));

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly isDangerous?: boolean;
  readonly onAction: () => void;
}

export interface MenuProps {
  readonly label: string;
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly entries: readonly MenuEntry[];
}

export function Menu(props: MenuProps): ReactNode {
  const [isWanted, setWanted] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const button = <ButtonContext.Provider value={{ 'aria-haspopup': 'menu', onHoverStart: soon, onFocus: soon, onPress: () => setWanted(true) }}>{props.trigger}</ButtonContext.Provider>;
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <MenuPopover {...props} isOpen={isOpen} onOpenChange={setOpen} />
    </Suspense>
  );
}
