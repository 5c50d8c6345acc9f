import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type SyntheticEvent, useId, useState } from "react";

import { useSession, useSessionSnapshot } from "@/features/session";

import styles from "./operating-point.module.css";
import { askedThreshold, OWN_THRESHOLD, percentOfAsked, OPERATING_POINTS } from "./operating-points";

const OWN = "own";
const RANGE = "From 0 to 100.";

interface ThresholdFieldProps {
  readonly asked: string | null;
  readonly onAsk: (asked: string) => void;
}

function ThresholdField({ asked, onAsk }: ThresholdFieldProps) {
  const [percent, setPercent] = useState(percentOfAsked(asked));
  const [isRefused, setIsRefused] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const threshold = askedThreshold(percent);
    setIsRefused(threshold === null);
    if (threshold !== null) onAsk(threshold);
  };
  return (
    <form className={styles.own} onSubmit={submit} noValidate>
      <TextInput
        size="xs"
        label="Threshold in %"
        inputMode="decimal"
        autoComplete="off"
        value={percent}
        error={isRefused && RANGE}
        onChange={({ currentTarget }) => {
          setPercent(currentTarget.value);
        }}
      />
      <Button size="xs" type="submit" variant="default">
        Apply
      </Button>
    </form>
  );
}

interface OperatingPointChoiceProps {
  /** What it is applied to, in a sentence. */
  readonly scope?: string;
}

/** The choice of the operating point that this session's radiographs are read at. */
export function OperatingPointChoice({ scope = "For all of this session." }: OperatingPointChoiceProps) {
  const session = useSession();
  const { operatingPoint } = useSessionSnapshot();
  const choose = (asked: string | null) => {
    void session.chooseOperatingPoint(asked);
  };
  const preset = OPERATING_POINTS.find(({ asked }) => asked === operatingPoint);
  const [wantsOwn, setWantsOwn] = useState(!preset);
  const meaningId = useId();
  const isOwn = wantsOwn || !preset;
  return (
    <div className={styles.choice}>
      <NativeSelect
        size="xs"
        label="Decide at"
        aria-describedby={meaningId}
        value={isOwn ? OWN : String(OPERATING_POINTS.indexOf(preset))}
        onChange={({ currentTarget: { value } }) => {
          const chosen = OPERATING_POINTS[Number(value)];
          setWantsOwn(!chosen);
          if (chosen) choose(chosen.asked);
        }}
      >
        {OPERATING_POINTS.map(({ label }, index) => (
          <option key={label} value={index}>
            {label}
          </option>
        ))}
        <option value={OWN}>{OWN_THRESHOLD.label}</option>
      </NativeSelect>
      {isOwn && <ThresholdField asked={operatingPoint} onAsk={choose} />}
      <p id={meaningId} className={styles.meaning}>
        {isOwn ? OWN_THRESHOLD.meaning : preset.meaning} {scope}
      </p>
    </div>
  );
}
