import { PlanName, planBytes } from '@everroll/protocol';
import type { ReactNode } from 'react';
import { formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';

export function planLabel(plan: PlanName): string {
  const bytes = planBytes[plan];
  return bytes === null ? strings.people.unlimited : formatBytes(bytes);
}

export function PlanChoice({ label, chosen, onChange }: { readonly label: string; readonly chosen: PlanName | null; readonly onChange: (plan: PlanName) => void }): ReactNode {
  return (
    <label className="plan-choice">
      {label}
      <select value={chosen ?? ''} onChange={(event) => onChange(PlanName.parse(event.target.value))}>
        {chosen === null && <option value="" disabled />}
        {PlanName.options.map((plan) => (
          <option key={plan} value={plan}>
            {planLabel(plan)}
          </option>
        ))}
      </select>
    </label>
  );
}
