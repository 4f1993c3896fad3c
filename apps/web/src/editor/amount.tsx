import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { strings } from '../strings/strings.ts';

export interface AmountProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** What it shows and says for a value. */
  readonly words: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A slider from one side of nothing to the other; what it says beside its name takes it back to nothing. */
export function Amount({ label, value, least, most, step, words, onChange }: AmountProps): ReactNode {
  const share = (at: number): number => ((at - least) / (most - least)) * 100;
  const [from, to] = [Math.min(share(0), share(value)), Math.max(share(0), share(value))];
  return (
    <Slider className="amount" aria-label={label} value={value} minValue={least} maxValue={most} step={step} onChange={onChange}>
      <div className="amount-head">
        <span aria-hidden="true">{label}</span>
        <Button className="amount-value figures" aria-label={strings.editor.resetOf(label, words(value))} isDisabled={value === 0} onPress={() => onChange(0)}>
          {words(value)}
        </Button>
      </div>
      <SliderTrack className="amount-track">
        <span className="rail" />
        <span className="fill" style={{ insetInlineStart: `${from}%`, width: `${to - from}%` }} />
        {least < 0 && <span className="zero" style={{ insetInlineStart: `${share(0)}%` }} />}
        <SliderThumb className="thumb" aria-label={label} />
      </SliderTrack>
    </Slider>
  );
}

/** −100 to 100, as people know it, of a recipe's −1 to 1. */
export function Percent({ label, value, least = -1, onChange }: { readonly label: string; readonly value: number; readonly least?: number; readonly onChange: (value: number) => void }): ReactNode {
  return <Amount label={label} value={Math.round(value * 100)} least={least * 100} most={100} step={1} words={signed} onChange={(next) => onChange(next / 100)} />;
}

const signed = (value: number): string => (value === 0 ? '0' : `${value > 0 ? '+' : '−'}${Math.abs(value)}`);
