import type { ReactNode } from 'react';
import { Button, type ButtonProps } from 'react-aria-components/Button';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import './button.css';
import { useHint } from './hint.tsx';

export interface IconButtonProps extends Omit<ButtonProps, 'className' | 'children' | 'aria-label' | 'ref' | keyof ReturnType<typeof useHint>['handlers']> {
  /** What it does: read out, and shown while the pointer rests on it. */
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function IconButton({ label, className = '', ...rest }: IconButtonProps): ReactNode {
  const hint = useHint(label);
  return (
    <>
      <Button {...rest} {...hint.handlers} ref={hint.ref} aria-label={label} className={`icon-button ${className}`} />
      {hint.shown}
    </>
  );
}

export interface IconToggleProps {
  readonly label: string;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

export function IconToggle({ label, className = '', ...rest }: IconToggleProps): ReactNode {
  const hint = useHint(label);
  return (
    <>
      <ToggleButton {...rest} {...hint.handlers} ref={hint.ref} aria-label={label} className={`icon-button ${className}`} />
      {hint.shown}
    </>
  );
}
