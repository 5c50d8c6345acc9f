import { NativeSelect } from "@mantine/core";
import { useState } from "react";

import type { ModelCard } from "@/lib/api/types";

import { bySplitTrust, splitWords } from "./card-words";
import styles from "./model-page.module.css";
import { CurvePlots } from "./plots/curve-plots";

/** The curves of the most trustworthy split, or of the one that is chosen. */
export function SplitPlots({ card }: { readonly card: ModelCard }) {
  const splits = Object.keys(card.curves)
    .filter((split) => split in card.metrics)
    .sort(bySplitTrust);
  const [chosen, setChosen] = useState<string | null>(null);
  const split = chosen ?? splits[0];
  const curves = split === undefined ? undefined : card.curves[split];
  const metrics = split === undefined ? undefined : card.metrics[split];
  const point = card.operating_points[card.target];
  if (!split || !curves || !metrics || !point) return null;
  return (
    // The plots' controls stay in sight within it.
    <section>
      <h2>In pictures</h2>
      {splits.length > 1 ? (
        <NativeSelect
          label="Measured on"
          size="xs"
          className={styles.splitChoice ?? ""}
          value={split}
          onChange={({ currentTarget }) => {
            setChosen(currentTarget.value);
          }}
          data={splits.map((name) => ({ value: name, label: splitWords(name).title }))}
        />
      ) : (
        <p>
          Measured on {splitWords(split).title.toLowerCase()}. {splitWords(split).meaning}
        </p>
      )}
      <CurvePlots key={split} curves={curves} metrics={metrics} operatingPoint={point.threshold} />
    </section>
  );
}
