import type { ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { TextArea } from 'react-aria-components/TextArea';
import { FieldError, Label, Text, TextField, type TextFieldProps } from 'react-aria-components/TextField';
import './field.css';

export interface FieldProps extends Omit<TextFieldProps, 'className' | 'children'> {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  /** What is wrong with what stands in it. */
  readonly wrong?: string | null;
  readonly isLong?: boolean;
}

export function Field({ label, description, placeholder, wrong = null, isLong = false, ...rest }: FieldProps): ReactNode {
  const hint = placeholder === undefined ? {} : { placeholder };
  return (
    <TextField {...rest} isInvalid={wrong !== null} className="field">
      <Label>{label}</Label>
      {isLong ? <TextArea rows={3} {...hint} /> : <Input {...hint} />}
      {description !== undefined && (
        <Text slot="description" className="description">
          {description}
        </Text>
      )}
      <FieldError className="wrong">{wrong}</FieldError>
    </TextField>
  );
}
