import { useId } from "react";

import { plainPercent } from "@/lib/format/figures";

import styles from "./plots.module.css";

interface ShareSliderProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A share from 0 to 100 %, to be moved by pointer or arrow keys. */
export function ShareSlider({ label, value, onChange }: ShareSliderProps) {
  const id = useId();
  return (
    <div className={styles.slider}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value}
        aria-valuetext={plainPercent(value)}
        onChange={({ currentTarget }) => {
          onChange(Number(currentTarget.value));
        }}
      />
      <output htmlFor={id}>{plainPercent(value)}</output>
    </div>
  );
}
