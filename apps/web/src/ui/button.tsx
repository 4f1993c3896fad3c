import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import './button.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' | 'danger filled';
  readonly size?: 'medium' | 'small';
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', size = 'medium', isWide = false, ...rest }: ButtonProps): ReactNode {
  return <AriaButton {...rest} className={`button ${look}${size === 'small' ? ' small' : ''}${isWide ? ' wide' : ''}`} />;
}
