import type { ReactNode } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import './segmented.css';

export interface SegmentedProps<Choice extends string> {
  readonly label: string;
  readonly choices: readonly { readonly id: Choice; readonly label: string }[];
  readonly chosen: Choice;
  readonly onChange: (choice: Choice) => void;
}

/** One of a few. */
export function Segmented<Choice extends string>({ label, choices, chosen, onChange }: SegmentedProps<Choice>): ReactNode {
  const choose = (keys: ReadonlySet<string | number>): void => {
    const choice = choices.find(({ id }) => keys.has(id));
    if (choice) onChange(choice.id);
  };
  return (
    <ToggleButtonGroup aria-label={label} selectionMode="single" disallowEmptySelection selectedKeys={[chosen]} onSelectionChange={choose} className="segmented">
      {choices.map(({ id, label: text }) => (
        <ToggleButton key={id} id={id}>
          {text}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
